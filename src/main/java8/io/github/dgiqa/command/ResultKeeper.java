package io.github.dgiqa.command;

import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPostprocessorPlugin;
import org.scijava.module.process.PostprocessorPlugin;
import org.scijava.plugin.Plugin;

/** Keeps SciJava from showing the results of our commands, which show what there is to see themselves. */
@Plugin(type = PostprocessorPlugin.class, priority = Priority.HIGH)
public final class ResultKeeper extends AbstractPostprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (!(module.getDelegateObject() instanceof DgiqaCommand)) return;
		for (final ModuleItem<?> output : module.getInfo().outputs())
			module.resolveOutput(output.getName());
	}
}
