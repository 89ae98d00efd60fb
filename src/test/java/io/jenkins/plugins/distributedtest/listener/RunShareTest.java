package io.jenkins.plugins.distributedtest.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stories of a share, told input by input. */
class RunShareTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ShareRules NATIVE = new ShareRules("run", false, false, PATIENCE);
    private static final ShareRules RUBY = new ShareRules("run", true, true, null);
    private static final Ending BROKEN = Ending.runnerFailed("broken");

    @Test
    void runsAFileAndSettlesItAfterItsResult() {
        RunShare share = ready(NATIVE);

        share.took(1, "a", 7);

        assertThat(share.started(1)).containsExactly(new ShareEffect.TellStarted(1));
        FileResult passed = passed("a");
        assertThat(share.ended(1, passed))
                .containsExactly(
                        new ShareEffect.Count(passed),
                        new ShareEffect.TellFinished(1, passed),
                        new ShareEffect.Settle(1, true));
        assertThat(share.files().isEmpty()).isTrue();
    }

    @Test
    void settlesALongFileWhileItRuns() {
        RunShare share = ready(NATIVE);
        share.took(1, "a", 7);

        assertThat(share.runsLong(1)).isEmpty();
        assertThat(share.started(1)).containsExactly(new ShareEffect.TellStarted(1), new ShareEffect.Settle(1, true));
        assertThat(share.ended(1, passed("a"))).doesNotHaveAnyElementsOfTypes(ShareEffect.Settle.class);
    }

    @Test
    void takesOneFilePerSlotAndNoneUnlessItIsReady() {
        RunShare share = new RunShare(NATIVE, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> share.took(1, "a", 1))
                .withMessageContaining("PREPARING");
        share.prepared();
        share.took(1, "a", 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> share.took(1, "b", 2))
                .withMessageContaining("has a");
        share.cancel();
        assertThatIllegalStateException()
                .isThrownBy(() -> share.took(2, "b", 2))
                .withMessageContaining("CLOSING");
    }

    @Test
    void neverTellsARubyOriginatorOfAFileThatItGaveBack() {
        RunShare share = ready(RUBY);
        share.took(1, "running", 0);
        share.started(1);
        share.took(2, "waiting", 0);
        share.took(3, "broken", 0);

        assertThat(share.unable(3, BROKEN, passed("broken")))
                .contains(
                        new ShareEffect.Settle(1, true),
                        new ShareEffect.Settle(2, false),
                        new ShareEffect.StopSlots(Set.of(2), Duration.ofDays(365)))
                .doesNotHaveAnyElementsOfTypes(ShareEffect.StopAll.class);

        // Its worker was ready just before it was killed.
        assertThat(share.started(2)).isEmpty();
        assertThat(share.ended(2, passed("waiting"))).isEmpty();
        FileResult result = passed("running");
        assertThat(share.ended(1, result)).contains(new ShareEffect.TellFinished(1, result));
    }

    @Test
    void abandonsASilentOriginatorButNotOneThatItCouldNotHear() {
        RunShare share = ready(NATIVE);
        long second = 1_000_000_000L;

        assertThat(share.tick(1000 * second)).hasAtLeastOneElementOfType(ShareEffect.Beat.class);
        for (long now = 1000; now <= 1060; now += 10) {
            share.tick(now * second);
        }
        assertThat(share.phase()).isEqualTo(SharePhase.READY);

        List<ShareEffect> effects = share.tick(1061 * second);
        assertThat(effects)
                .hasAtLeastOneElementOfType(ShareEffect.DeleteEntities.class)
                .doesNotHaveAnyElementsOfTypes(ShareEffect.TellLeft.class);
        assertThat(share.closed(null)).containsExactly(new ShareEffect.Gone(true));
    }

    @Test
    void saysAtTheEndWhichClosingFailed() {
        RunShare share = ready(NATIVE);
        assertThat(share.finish()).hasAtLeastOneElementOfType(ShareEffect.Close.class);

        assertThat(share.closed(BROKEN))
                .containsExactly(
                        new ShareEffect.Problem("In run run: broken"),
                        new ShareEffect.TellLeft(BROKEN),
                        new ShareEffect.Gone(false));
        assertThat(share.closed(BROKEN)).isEmpty();
    }

    /** Its originator waits for it, since what ends may fail the run; one that was told of its leaving does not. */
    @Test
    void showsThatItIsAliveWhileItsWorkersEnd() {
        RunShare ending = ready(NATIVE);
        ending.finish();
        assertThat(ending.tick(1)).contains(new ShareEffect.Beat(List.of()));
        ending.closed(null);
        assertThat(ending.tick(2)).isEmpty();

        RunShare leaving = ready(NATIVE);
        leaving.shutDown(Duration.ofSeconds(5));
        assertThat(leaving.tick(1)).doesNotHaveAnyElementsOfTypes(ShareEffect.Beat.class);
    }

    @Test
    void waitsForItsPreparationBeforeItCloses() {
        RunShare share = new RunShare(NATIVE, 0);

        assertThat(share.shutDown(Duration.ofSeconds(5)))
                .contains(new ShareEffect.TellLeft(Ending.SHUTDOWN))
                .doesNotHaveAnyElementsOfTypes(ShareEffect.Close.class);
        assertThat(share.prepared()).containsExactly(new ShareEffect.Close(Duration.ofSeconds(5)));
    }

    @Test
    void endsARubyRunWhenAllIsIdleAndTheQueueIsEmpty() {
        RunShare share = ready(RUBY);
        share.took(1, "a", 0);
        assertThat(share.foundNoFile()).isEmpty();
        share.started(1);
        share.ended(1, passed("a"));
        share.disconnected();
        assertThat(share.foundNoFile()).isEmpty();
        share.connected(1);

        assertThat(share.foundNoFile()).hasAtLeastOneElementOfType(ShareEffect.Close.class);
    }

    private static RunShare ready(ShareRules rules) {
        RunShare share = new RunShare(rules, 0);
        assertThat(share.prepared()).containsExactly(new ShareEffect.Join(), new ShareEffect.Wake());
        return share;
    }

    private static FileResult passed(String file) {
        return FileResult.of(new TestFile(file), FileStatus.PASSED, 1);
    }
}
