package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.process.Signals;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that this one started. */
record DirectChild(Process process, String marker) implements ChildHandle {
    /** One that is dead and not collected yet runs no more, so that it is given no file that would look like its victim. */
    @Override
    public boolean runs() {
        return ProcessTree.runs(process.toHandle());
    }

    @Override
    public void kill() {
        ProcessTree.kill(process, marker);
    }

    @Override
    public Exit awaitExit(Duration time) throws InterruptedException {
        if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
            return Exit.UNKNOWN;
        }
        return new Exit(process.exitValue(), Signals.ofExitCode(process.exitValue()));
    }
}
