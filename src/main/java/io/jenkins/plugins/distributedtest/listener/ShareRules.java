package io.jenkins.plugins.distributedtest.listener;

import java.time.Duration;

/**
 * What a run's dialect and definition ask of a {@link RunShare}.
 *
 * @param name the run, for people
 * @param endsWhenEmpty see {@link DialectLink#endsWhenEmpty}
 * @param owesEveryFinish see {@link DialectLink#owesEveryFinish}
 * @param patience after which silence the originator is given up; null for never
 */
record ShareRules(String name, boolean endsWhenEmpty, boolean owesEveryFinish, Duration patience) {}
