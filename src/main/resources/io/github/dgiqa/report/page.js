'use strict';
(() => {
	const BINS = 20;
	// a tile, and the least space beside it, pixels: as in page.css
	const WIDTH = 176;
	const HEIGHT = 198;
	const SPACE = 14;
	/** Lines of tiles that are drawn above and below what can be seen. */
	const AHEAD = 2;
	const NUMBERS = [['score', 'Score'], ['crop_sd', 'SD of the crops'], ['crop_min', 'Lowest crop'], ['crop_max', 'Highest crop'], ['crops', 'Crops'], ['width', 'Width'], ['height', 'Height'],
		['device', 'Device'], ['seconds', 'Seconds'], ['slice', 'Slice'], ['notes', 'Notes'], ['error', 'Error'], ['path', 'File']];

	/** By path and slice. */
	const found = new Map();
	let about = null;
	let ended = null;

	// what the lines behind this page's head call
	window.row = row => { found.set(row.slice + ' ' + row.path, row); };
	window.run = run => { about = run; ended = null; };
	window.end = end => { ended = end; };

	/** From the lowest score to the highest. */
	let scored = [];
	let failed = [];
	/** What is shown, in its order. */
	let shown = [];
	const selected = new Set();
	const wish = {min: 0, max: 1, sort: 'desc', failed: true};
	/** The row whose box was clicked last. */
	let anchor = null;
	/** The place of the row in the view. */
	let viewed = -1;

	const byId = id => document.getElementById(id);

	/** An element; its text is text, whatever is in it. The property label is what it is called where it is not seen. */
	function element(name, properties = {}, ...children) {
		const {label, ...others} = properties;
		const made = Object.assign(document.createElement(name), others);
		if (label) made.setAttribute('aria-label', label);
		made.append(...children);
		return made;
	}

	const number = value => value.toLocaleString('en');
	const several = (count, one, many) => number(count) + ' ' + (count === 1 ? one : many);
	const digits = score => score.toFixed(4);
	const date = iso => new Date(iso).toLocaleString();

	/** A row's name without its folders; of a stack with the slice. */
	function name(row) {
		const last = row.path.split(/[\\/]/).filter(part => part !== '').pop() || row.path;
		return row.stack || row.slice > 1 ? last + ' · ' + row.slice : last;
	}

	function image(kind, row) {
		const digits6 = String(row.n).padStart(6, '0');
		return kind + '/' + String(Math.floor(row.n / 1000)).padStart(3, '0') + '/' + digits6 + '.jpg';
	}

	// -- what is there --

	function read() {
		const slices = new Map();
		for (const row of found.values()) slices.set(row.path, (slices.get(row.path) || 0) + 1);
		for (const row of found.values()) {
			row.stack = slices.get(row.path) > 1;
			(typeof row.score === 'number' ? scored : failed).push(row);
		}
		scored.sort((a, b) => a.score - b.score);
		tell(slices.size);
	}

	function tell(files) {
		byId('counts').textContent = number(scored.length) + ' scored' + (failed.length ? ', ' + number(failed.length) + ' failed' : '');
		const state = byId('state');
		if (ended) state.textContent = 'Finished ' + date(ended.ended);
		else if (about) state.textContent = 'Not finished: ' + number(files) + ' of ' + several(about.files, 'file', 'files') + '. The run goes on, or was stopped.';
		byId('reload').hidden = ended !== null;
		if (about) settings(about.provenance);
	}

	function settings(made) {
		const list = byId('about');
		const add = (term, value, title = '') => {
			if (value) list.append(element('div', {title}, element('dt', {textContent: term}), element('dd', {textContent: value})));
		};
		add('Model', made.model, 'SHA-256 of the weights: ' + made.modelSha256);
		add('Depth model', made.depthModel, 'SHA-256 of the weights: ' + made.depthModelSha256);
		add('Crops', made.sampling === 'random' ? several(made.crops, 'random crop', 'random crops') + ', seed ' + made.seed : made.sampling);
		add('Precision', made.precision);
		add('Device', [...new Set([...found.values()].map(row => row.device).filter(Boolean))].join(', '));
		add('Shard', made.shard);
		add('Began', date(about.began));
		add('DGIQA', about.version);
	}

	// -- filter and order --

	const inside = row => (wish.min <= 0 || row.score >= wish.min) && (wish.max >= 1 || row.score <= wish.max);

	function arrange() {
		shown = scored.filter(inside);
		if (wish.sort === 'desc') shown.reverse();
		if (wish.failed) shown = shown.concat(failed);
		byId('min').value = wish.min;
		byId('max').value = wish.max;
		byId('from').value = wish.min;
		byId('to').value = wish.max;
		byId('band').style.left = 100 * wish.min + '%';
		byId('band').style.right = 100 * (1 - wish.max) + '%';
		byId('sort').value = wish.sort;
		byId('failed').checked = wish.failed;
		byId('nothing').hidden = shown.length > 0;
		byId('nothing').textContent = found.size ? 'No image has a score in this range.' : 'There is no image yet.';
		histogram();
		forget();
		draw();
		count();
	}

	function count() {
		byId('shown').textContent = several(shown.length, 'image', 'images') + ' shown, ' + number(selected.size) + ' selected';
		byId('copy').disabled = selected.size === 0;
		byId('clear').disabled = selected.size === 0;
	}

	function change(wishes) {
		Object.assign(wish, wishes);
		remember();
		arrange();
	}

	/** The wishes are in the address, so that it can be kept. */
	function remember() {
		const words = [];
		if (wish.min > 0) words.push('min=' + wish.min);
		if (wish.max < 1) words.push('max=' + wish.max);
		if (wish.sort !== 'desc') words.push('sort=' + wish.sort);
		if (!wish.failed) words.push('failed=0');
		try {
			history.replaceState(null, '', '#' + words.join('&'));
		}
		catch (error) {
			// some browsers let no page from the disk do so
		}
	}

	function recall() {
		const words = new URLSearchParams(location.hash.slice(1));
		wish.min = fraction(words.get('min'), 0);
		wish.max = fraction(words.get('max'), 1);
		if (wish.min > wish.max) [wish.min, wish.max] = [wish.max, wish.min];
		wish.sort = words.get('sort') === 'asc' ? 'asc' : 'desc';
		wish.failed = words.get('failed') !== '0';
	}

	function fraction(text, otherwise) {
		const value = text === null || text === '' ? NaN : Number(text);
		return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : otherwise;
	}

	function setMin(text) {
		const min = fraction(text, 0);
		change({min, max: Math.max(min, wish.max)});
	}

	function setMax(text) {
		const max = fraction(text, 1);
		change({max, min: Math.min(max, wish.min)});
	}

	// -- histogram --

	const bin = score => Math.min(BINS - 1, Math.max(0, Math.floor(score * BINS)));

	function histogram() {
		const all = new Array(BINS).fill(0);
		const within = new Array(BINS).fill(0);
		for (const row of scored) {
			all[bin(row.score)]++;
			if (inside(row)) within[bin(row.score)]++;
		}
		const most = Math.max(1, ...all);
		const svg = byId('histogram');
		svg.replaceChildren();
		for (let i = 0; i < BINS; i++) {
			const ends = (i / BINS).toFixed(2) + ' to ' + ((i + 1) / BINS).toFixed(2);
			const area = rectangle('bin', i, 1);
			area.dataset.count = all[i];
			const title = document.createElementNS(svg.namespaceURI, 'title');
			title.textContent = ends + ': ' + several(all[i], 'image', 'images');
			area.append(title);
			area.addEventListener('click', () => change({min: i / BINS, max: (i + 1) / BINS}));
			svg.append(rectangle('all', i, all[i] / most), rectangle('in', i, within[i] / most), area);
		}
		svg.setAttribute('aria-label', 'Histogram of the scores, ' + all.map((n, i) => [n, i]).filter(([n]) => n).map(([n, i]) => (i / BINS).toFixed(2) + ' to ' + ((i + 1) / BINS).toFixed(2) + ': ' + n).join(', '));
	}

	function rectangle(kind, i, share) {
		const box = document.createElementNS(byId('histogram').namespaceURI, 'rect');
		const height = share > 0 ? Math.max(1.5, 76 * share) : 0;
		box.setAttribute('class', kind);
		box.setAttribute('x', 20 * i + 1);
		box.setAttribute('width', 18);
		box.setAttribute('y', 76 - height);
		box.setAttribute('height', height);
		return box;
	}

	// -- tiles: only those near what can be seen are drawn --

	const drawn = new Map();
	let columns = 1;
	/** From one line of tiles to the next. */
	const step = HEIGHT + SPACE;

	function forget() {
		drawn.clear();
		byId('tiles').replaceChildren();
	}

	function draw() {
		const grid = byId('tiles');
		columns = Math.max(1, Math.floor((grid.clientWidth + SPACE) / (WIDTH + SPACE)));
		grid.style.height = Math.ceil(shown.length / columns) * step + 'px';
		const top = -grid.getBoundingClientRect().top;
		const first = Math.max(0, (Math.floor(top / step) - AHEAD) * columns);
		const last = Math.min(shown.length, (Math.ceil((top + window.innerHeight) / step) + AHEAD) * columns);
		const across = columns > 1 ? (grid.clientWidth - WIDTH) / (columns - 1) : 0;
		for (const [i, made] of drawn) {
			if (i >= first && i < last || made.contains(document.activeElement)) continue;
			made.remove();
			drawn.delete(i);
		}
		let next = grid.firstChild;
		for (let i = first; i < last; i++) {
			let made = drawn.get(i);
			if (!made) drawn.set(i, made = tile(i));
			made.style.left = i % columns * across + 'px';
			made.style.top = Math.floor(i / columns) * step + 'px';
			// those that have the focus may lie before
			while (next && next !== made && Number(next.dataset.i) < i) next = next.nextSibling;
			if (next === made) next = next.nextSibling;
			else grid.insertBefore(made, next);
		}
	}

	function tile(i) {
		const row = shown[i];
		const title = name(row);
		const score = typeof row.score === 'number' ? digits(row.score) : 'failed';
		const frame = element('span', {className: 'frame'});
		if (row.n) frame.append(element('img', {loading: 'lazy', decoding: 'async', alt: '', src: image('thumbnail', row)}));
		if (row.error) frame.append(element('span', {className: 'why', textContent: row.error}));
		else if (!row.n) frame.append(element('span', {className: 'none', textContent: 'no picture'}));
		const open = element('button', {type: 'button', className: 'open', title: row.path, label: title + ', ' + (row.error ? 'failed: ' + row.error : 'score ' + score) + '; open'},
			frame, element('span', {className: 'foot'}, element('span', {className: 'name', textContent: title}), element('span', {className: 'score', textContent: score})));
		const box = element('input', {type: 'checkbox', checked: selected.has(row), label: 'Select ' + title});
		const made = element('div', {className: 'tile'}, open, element('label', {className: 'pick'}, box));
		made.setAttribute('role', 'listitem');
		made.setAttribute('aria-setsize', shown.length);
		made.setAttribute('aria-posinset', i + 1);
		made.dataset.i = i;
		made.classList.toggle('selected', selected.has(row));
		made.classList.toggle('failed', Boolean(row.error));
		return made;
	}

	/** Marks what is selected on the tiles that are drawn. */
	function mark() {
		for (const [i, made] of drawn) {
			const on = selected.has(shown[i]);
			made.classList.toggle('selected', on);
			made.querySelector('input').checked = on;
		}
		count();
	}

	function clicked(event) {
		const made = event.target.closest('.tile');
		if (!made) return;
		const i = Number(made.dataset.i);
		const box = event.target.closest('.pick');
		if (box && event.target.tagName !== 'INPUT') return; // its box is clicked next
		if (box) pick(i, event.target.checked, event.shiftKey);
		else if (event.shiftKey || event.ctrlKey || event.metaKey) pick(i, !selected.has(shown[i]) || event.shiftKey, event.shiftKey);
		else view(i);
	}

	function pick(i, on, range) {
		const from = range ? shown.indexOf(anchor) : -1;
		const first = from < 0 ? i : Math.min(from, i);
		const last = from < 0 ? i : Math.max(from, i);
		for (let k = first; k <= last; k++)
			if (on) selected.add(shown[k]);
			else selected.delete(shown[k]);
		anchor = shown[i];
		mark();
	}

	function moved(event) {
		const made = event.target.closest('.tile');
		if (!made || event.ctrlKey || event.altKey || event.metaKey) return;
		const i = Number(made.dataset.i);
		const to = {ArrowLeft: i - 1, ArrowRight: i + 1, ArrowUp: i - columns, ArrowDown: i + columns, Home: 0, End: shown.length - 1}[event.key];
		if (to === undefined) return;
		event.preventDefault();
		if (to >= 0 && to < shown.length) focus(to);
	}

	function focus(i) {
		const grid = byId('tiles').getBoundingClientRect();
		const top = grid.top + Math.floor(i / columns) * step;
		const free = byId('controls').offsetHeight + 8;
		if (top < free) window.scrollBy(0, top - free);
		else if (top + HEIGHT > window.innerHeight) window.scrollBy(0, top + HEIGHT - window.innerHeight);
		draw();
		drawn.get(i).querySelector('.open').focus({preventScroll: true});
	}

	// -- one image --

	function view(i) {
		viewed = i;
		const row = shown[i];
		byId('view-name').textContent = name(row);
		byId('previous').disabled = i === 0;
		byId('next').disabled = i === shown.length - 1;
		byId('view-pick').checked = selected.has(row);
		const pictures = byId('pictures');
		pictures.replaceChildren();
		pictures.classList.toggle('single', !row.maps);
		if (row.n) pictures.append(element('figure', {}, element('img', {src: image('picture', row), alt: 'The image, reduced'}), element('figcaption', {textContent: 'image'})));
		if (row.maps) pictures.append(...about.maps.map(map => figure(map, row)));
		const numbers = byId('numbers');
		numbers.replaceChildren();
		for (const [key, term] of NUMBERS)
			if (row[key] !== undefined && (key !== 'slice' || row.stack)) numbers.append(element('div', {}, element('dt', {textContent: term}), element('dd', {textContent: row[key]})));
		const original = byId('original');
		original.hidden = !row.link;
		if (row.link) original.href = row.link;
		if (!byId('view').open) byId('view').showModal();
	}

	function figure(map, row) {
		const bar = element('div', {className: 'bar'});
		bar.style.background = 'linear-gradient(to right, ' + map.colours.join(', ') + ')';
		return element('figure', {}, element('img', {src: image(map.key, row), alt: 'Map of the ' + map.title}),
			element('figcaption', {}, map.title, bar, element('div', {}, element('span', {textContent: '0'}), element('span', {textContent: map.remark}), element('span', {textContent: map.max}))));
	}

	function turn(by) {
		if (viewed + by >= 0 && viewed + by < shown.length) view(viewed + by);
	}

	// -- copying --

	/** Paths in the order that is shown, each once; those that the filter hides at the end. */
	function names() {
		const order = new Set(shown.filter(row => selected.has(row)));
		selected.forEach(row => order.add(row));
		return [...new Set([...order].map(row => row.path))];
	}

	async function copy() {
		const paths = names();
		const text = paths.join('\n');
		const copied = await byClipboard(text) || byCommand(text);
		if (copied) byId('shown').textContent = several(paths.length, 'file name', 'file names') + ' copied';
		else {
			byId('names-text').value = text;
			byId('names').showModal();
			byId('names-text').select();
		}
	}

	async function byClipboard(text) {
		try {
			await navigator.clipboard.writeText(text);
			return true;
		}
		catch (error) {
			return false; // not for pages from the disk
		}
	}

	function byCommand(text) {
		const area = element('textarea', {value: text});
		const before = document.activeElement;
		area.style.position = 'fixed'; // the page stays where it is
		document.body.append(area);
		area.select();
		try {
			return document.execCommand('copy');
		}
		catch (error) {
			return false;
		}
		finally {
			area.remove();
			if (before) before.focus({preventScroll: true});
		}
	}

	// -- beginning --

	function start() {
		read();
		recall();
		const on = (id, event, action) => byId(id).addEventListener(event, action);
		on('reload', 'click', () => location.reload());
		on('from', 'input', event => setMin(event.target.value));
		on('to', 'input', event => setMax(event.target.value));
		on('min', 'change', event => setMin(event.target.value));
		on('max', 'change', event => setMax(event.target.value));
		on('sort', 'change', event => change({sort: event.target.value}));
		on('failed', 'change', event => change({failed: event.target.checked}));
		on('reset', 'click', () => change({min: 0, max: 1, failed: true}));
		on('select', 'click', () => { shown.forEach(row => selected.add(row)); mark(); });
		on('clear', 'click', () => { selected.clear(); mark(); });
		on('copy', 'click', copy);
		on('tiles', 'click', clicked);
		on('tiles', 'keydown', moved);
		on('close', 'click', () => byId('view').close());
		on('previous', 'click', () => turn(-1));
		on('next', 'click', () => turn(1));
		on('view', 'keydown', event => {
			if (event.key === 'ArrowLeft') turn(-1);
			if (event.key === 'ArrowRight') turn(1);
		});
		on('view', 'click', event => { if (event.target === byId('view')) byId('view').close(); });
		on('view', 'close', () => focus(viewed));
		on('view-pick', 'change', event => pick(viewed, event.target.checked, false));
		on('names-close', 'click', () => byId('names').close());
		let waiting = false;
		const later = () => {
			if (!waiting) requestAnimationFrame(() => { waiting = false; draw(); });
			waiting = true;
		};
		window.addEventListener('scroll', later, {passive: true});
		window.addEventListener('resize', later);
		window.addEventListener('hashchange', () => { recall(); arrange(); });
		arrange();
	}

	document.addEventListener('DOMContentLoaded', start);
})();
