package io.github.dgiqa.download;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param connect how long a connection may take to open
 * @param silence how long nothing may come before a connection counts as cut
 * @param pause before the second try; doubled for each further one
 * @param longestPause the longest that a server may ask to wait before the download gives up
 * @param tries how often it is tried again in a row without getting further
 * @param patience how long another program may be busy with the same file without getting further
 */
record Limits(Duration connect, Duration silence, Duration pause, Duration longestPause, int tries, Duration patience) {

	static final Limits USUAL = new Limits(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(30), 5, Duration.ofMinutes(2));
}
