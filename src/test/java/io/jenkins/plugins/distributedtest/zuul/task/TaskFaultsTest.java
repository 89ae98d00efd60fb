package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.source.UnreachableException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is the host's fault and what the change's. */
class TaskFaultsTest {
    private static final String NO_GIT = ProcessSpec.CANNOT_START + "git: No such file or directory";

    private static HostFault.Kind kind(Throwable cause, boolean isWorking) {
        Outcome outcome = TaskFaults.outcome(cause, isWorking);
        assertThat(outcome.retry() != null).as("no result").isEqualTo(outcome.fault() != null);
        return outcome.fault() == null ? null : outcome.fault().kind();
    }

    @ParameterizedTest
    @CsvSource({
        "MEMORY, Cannot start sh: Cannot allocate memory",
        "MEMORY, Cannot start sh: Resource temporarily unavailable",
        "DISK, x: No space left on device",
        "DISK, x: Read-only file system",
        "PROCESSES, Cannot start sh: Too many open files"
    })
    void whatTheSystemSaysOfItselfIsNoFaultOfAChangeAlsoWhileItsScriptRuns(HostFault.Kind kind, String message) {
        assertThat(kind(new IOException(message), true)).isEqualTo(kind);
        assertThat(kind(new IOException(message), false)).isEqualTo(kind);
    }

    @Test
    void aProcessThatCannotStartBeforeTheWorkIsTheHostsAndInItTheJobs() {
        assertThat(kind(new IOException(NO_GIT), false)).isEqualTo(HostFault.Kind.PROCESSES);
        assertThat(kind(new IOException(NO_GIT), true)).isNull();
        assertThat(TaskFaults.outcome(new IOException(NO_GIT), true).problems())
                .containsExactly("FAILURE running the job", "Exception: " + NO_GIT);
    }

    @Test
    void sourcesThatNobodyReachesAndMemoryOfTheProgramItselfAreTheHosts() {
        assertThat(kind(new UnreachableException("gone"), false)).isEqualTo(HostFault.Kind.SOURCES);
        assertThat(kind(new OutOfMemoryError("unable to create native thread"), true))
                .isEqualTo(HostFault.Kind.MEMORY);
    }
}
