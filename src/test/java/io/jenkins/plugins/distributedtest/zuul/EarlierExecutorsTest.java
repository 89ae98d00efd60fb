package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The weaknesses that were seen in the two earlier executors, and what turbo-hipster's own tests ask for, each with the
 * test that holds it; the tables below are checked, so that none of them goes away unnoticed. Contracts run with C
 * gearmand and with a server like Zuul's own. What only an executor in Jenkins can get wrong (locks on nodes, blocked
 * threads, undeclared parameters, permissions, names in folders, matrix projects) is held by the tests in Jenkins.
 */
class EarlierExecutorsTest {
    private static final List<String> ROOMS =
            List.of("gearman.", "zuul.", "zuul.task.", "zuul.source.", "zuul.settings.", "e2e.");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tests the wrong commit after a post job    | StandaloneContract.eachJobHasAnEnvironmentOfItsOwn",
                "tests the branch when the ref is gone      | GitSourcesTest.aChangeWhoseRefIsGoneIsNeverTestedAtTheBranch",
                "a script killed by a signal is a success   | StandaloneContract.aJobFailsWithItsReturnCodeAndItsOwnWords",
                "stop never works                           | StandaloneStopContract.stopAbortsARunningJobWithItsWholeProcessTree",
                "SUCCESS in the first data                  | StandaloneContract.aJobPassesAndItsLogsArePublished",
                "a lost worker is a success                 | StandaloneExecutorIT.leavesNoProcessWhenItIsKilled",
                "a cancelled job fails and then succeeds    | StandaloneStopContract.stopAbortsARunningJobWithItsWholeProcessTree",
                "no timeout, and only the shell is killed   | StandaloneContract.aJobThatTimesOutIsKilledWithEverythingItStarted",
                "busy poll                                  | StandaloneTest.aJobThatSaysNothingCostsNextToNoProcessorTime",
                "nothing is ever deleted                    | StandaloneResultsTest.whatFailedIsRemovedWhenItHasBeenKeptForLongEnoughAndNothingElse",
                "a full clone for each job                  | GitSourcesTest.theMirrorBringsOnlyWhatIsNew",
                "a shell with unquoted paths                | StandaloneTest.valuesOfARequestAreNeverShellCodeOrOptionsNorChangeHowProgramsStart",
                "one job at a time                          | StandaloneTest.runsManyJobsAtOnceWithAFewThreads",
                "two on a host get each other's stops       | StandaloneStopContract.twoExecutorsOnAHostDoNotGetEachOthersStops",
            })
    void turboHipstersWeaknesses(String weakness, String test) {
        assertIsThere(test);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "conf_d is merged                           | ExecutorFileTest.laysTheFilesOfConfDOverItInOrderAndDeeply",
                "jobs and legacy plugins load               | ExecutorFileTest.loadsJobsAndLegacyPluginsAndSaysWhatIsNotSupportedAndWhy",
                "all functions and stop are registered      | StandaloneContract.aJobPassesAndItsLogsArePublished",
                "a simple job passes, three logs published  | StandaloneContract.aJobPassesAndItsLogsArePublished",
                "a simple job fails with its return code    | StandaloneContract.aJobFailsWithItsReturnCodeAndItsOwnWords",
                "logs when the result cannot be read        | StandaloneResultsTest.logsArePublishedAlsoWhenTheResultIsNoFile",
                "an upload that fails is told               | StandaloneResultsTest.anUploadThatFailsIsToldAndTheLogsStay",
                "shutdown-th only after its job             | StandaloneStopContract.theLastJobIsTakenAndFinishedBeforeTheExecutorEnds",
                "log directory, exit code, [timeout] and -9 | StandaloneContract.aJobThatTimesOutIsKilledWithEverythingItStarted",
                "the step counter                           | StandaloneContract.aJobPassesAndItsLogsArePublished",
                "failure during setup                       | StandaloneHostContract.aHostThatCannotMakeDirectoriesTakesNoJobsUntilItCan",
                "waiting for a job                          | GearmanWorkerContract.wakesUpForAJobThatComesWhileItSleeps",
                "stop kills the process tree                | StandaloneStopContract.stopAbortsARunningJobWithItsWholeProcessTree",
                "a clean environment for each job           | StandaloneContract.eachJobHasAnEnvironmentOfItsOwn",
                "server restart                             | StandaloneStopContract.losesNothingAndLeavesNothingWhenTheServerIsLost",
                "cancel while queued                        | StandaloneStopContract.aBuildThatWaitsInTheQueueIsCancelledThereAndNeverBegins",
            })
    void turboHipstersAcceptance(String wanted, String test) {
        assertIsThere(test);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a thread and a connection per executor     | GearmanWorkerLoadContract.runsFiveHundredJobsAtOnceOverOneConnectionWithoutAThreadEach",
                "the loss of the server goes unseen         | StandaloneStopContract.losesNothingAndLeavesNothingWhenTheServerIsLost",
                "a hung server goes unseen                  | GearmanWorkerContract.leavesAServerThatHangs",
                "the manager is the host's name             | ZuulExecutorContract.aStopForAnotherExecutorIsNotItsBusiness",
                "no TLS                                     | GearmanTlsTest.worksWithAClientCertificate",
                "an Error ends the worker                   | GearmanWorkerContract.aHandlerThatThrowsFailsTheJobAndNotTheWorker",
                "everything is registered anew each time    | GearServerWorkerTest.aChangeOfOneFunctionCostsOnePacket",
            })
    void gearmanPluginsWeaknessesOutsideOfJenkins(String weakness, String test) {
        assertIsThere(test);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a partial packet spoils the next connection | HostileGearmanServerTest.aPacketThatIsCutOffDoesNotSpoilTheNextConnection",
                "an ERROR packet ends the session            | HostileGearmanServerTest.anErrorAndAnUnknownTypeDoNotEndTheConnection",
                "lengths are not checked                     | HostileGearmanServerTest.nonsense",
                "data waits for the function's end           | ZuulExecutorContract.tellsZuulHowToStopTheJobAtOnceAndTheResultOnlyAtTheEnd",
                "spins on a connection                       | StandaloneTest.aJobThatSaysNothingCostsNextToNoProcessorTime",
            })
    void gearmanJavasWeaknesses(String weakness, String test) {
        assertIsThere(test);
    }

    private static void assertIsThere(String test) {
        String[] parts = test.split("\\.");
        assertThat(ROOMS.stream()
                        .flatMap(room -> find(room + parts[0]))
                        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                        .filter(method -> method.getName().equals(parts[1]))
                        .filter(method -> method.isAnnotationPresent(Test.class)
                                || method.isAnnotationPresent(ParameterizedTest.class)))
                .as(test)
                .hasSize(1);
    }

    private static Stream<Class<?>> find(String name) {
        try {
            return Stream.of(Class.forName("io.jenkins.plugins.distributedtest." + name));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }
}
