package io.jenkins.plugins.distributedtest.jenkins.executors;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.originator.RunLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which executors a run asks for, and when they go back. */
class CrewPlanTest {
    private final List<CrewAct> acts = new ArrayList<>();
    private int ids;
    private CrewPlan plan;

    private void plan(SeatRequest... requests) {
        plan = new CrewPlan(List.of(requests), () -> "l" + ++ids);
    }

    private static SeatRequest linux(int count, int slots) {
        return new SeatRequest("linux", count, slots);
    }

    /** So many files are queued, whose runtimes are not known. */
    private static RunLoad queued(int files) {
        return load(files, 0, Map.of());
    }

    private static RunLoad load(int files, double seconds, Map<String, Integer> running, String... idle) {
        Map<String, Double> queued = new LinkedHashMap<>();
        for (int i = 0; i < files; i++) {
            queued.put("f" + i, seconds);
        }
        Set<String> listeners = new java.util.HashSet<>(running.keySet());
        listeners.addAll(List.of(idle));
        return new RunLoad(queued, running, listeners);
    }

    private void tick(double now, RunLoad load, int local) {
        acts.addAll(plan.tick(now, load, local));
    }

    private List<CrewAct> over(int seat, String why) {
        return plan.over(3, seat, queued(0), why);
    }

    private List<Integer> asked() {
        return acts.stream()
                .filter(CrewAct.Ask.class::isInstance)
                .map(act -> ((CrewAct.Ask) act).seat())
                .toList();
    }

    private String said() {
        return acts.stream()
                .filter(CrewAct.Say.class::isInstance)
                .map(act -> ((CrewAct.Say) act).line())
                .collect(Collectors.joining("\n"));
    }

    private void serves(double now, int seat) {
        plan.came(now, seat, "agent" + seat);
        plan.serves(now, seat);
    }

    @Test
    void asksForAsManyAsAreWanted() {
        plan(linux(3, 2));
        tick(0, queued(100), 1);
        assertThat(asked()).containsExactly(1, 2, 3);
        assertThat(said()).isEqualTo("Asking for 3 executors with label linux, 2 slots each");
        assertThat(plan.isComing()).isTrue();
        tick(1, queued(100), 1);
        assertThat(asked()).hasSize(3);
    }

    @Test
    void asksForNoMoreThanThereAreFilesFor() {
        plan(linux(10, 2), new SeatRequest("", 10, 1));
        tick(0, queued(5), 0);
        assertThat(asked()).containsExactly(1, 2, 3);
        plan(linux(10, 1));
        acts.clear();
        tick(0, queued(2), 2);
        assertThat(asked()).isEmpty();
    }

    @Test
    void asksForNoMoreThanTheRecordedRuntimesKeepBusy() {
        plan(linux(10, 1));
        Map<String, Double> runtimes = new LinkedHashMap<>();
        runtimes.put("long", 60.0);
        for (int i = 0; i < 12; i++) {
            runtimes.put("short" + i, 10.0);
        }
        acts.addAll(plan.tick(0, new RunLoad(runtimes, Map.of(), Set.of()), 0));
        assertThat(asked()).hasSize(3);
        assertThat(said()).contains("no more than 3 slots help: the longest file alone takes 60 of all 180 s");
    }

    @Test
    void asksForNoneThatWouldComeTooLate() {
        plan(linux(10, 1));
        tick(0, load(4, 0.5, Map.of()), 2);
        tick(1, load(3, 0.5, Map.of()), 2);
        assertThat(asked()).isEmpty();
        assertThat(said())
                .isEqualTo("No further executor is asked for: by the recorded runtimes what is left takes 1 s on the 2"
                        + " slots that there are, and one would come too late (in about 3 s).");
    }

    @Test
    void withdrawsWhatWaitsWhenItWouldComeTooLate() {
        plan(linux(2, 1));
        tick(0, load(10, 10, Map.of()), 0);
        serves(30, 1);
        tick(40, load(9, 10, Map.of("l1", 1)), 0);
        assertThat(acts).noneMatch(CrewAct.Withdraw.class::isInstance);
        tick(100, load(3, 10, Map.of("l1", 1)), 0);
        assertThat(acts).contains(new CrewAct.Withdraw(2));
    }

    @Test
    void givesAnExecutorBackAsSoonAsNoFileIsLeftForIt() {
        plan(linux(2, 1));
        tick(0, queued(3), 0);
        serves(1, 1);
        serves(1, 2);
        tick(2, load(1, 0, Map.of("l1", 1, "l2", 1)), 0);
        tick(3, load(0, 0, Map.of("l1", 1, "l2", 1)), 0);
        assertThat(acts).noneMatch(CrewAct.Release.class::isInstance);
        tick(4, load(0, 0, Map.of("l2", 1), "l1"), 0);
        assertThat(acts).contains(new CrewAct.Release(1)).doesNotContain(new CrewAct.Release(2));
        acts.clear();
        acts.addAll(over(1, "exit code 0"));
        tick(5, load(0, 0, Map.of("l2", 1)), 0);
        assertThat(acts).isEmpty();
    }

    @Test
    void withdrawsWhatWaitsWhenTheLastFileIsTaken() {
        plan(linux(2, 1));
        tick(0, queued(3), 0);
        serves(1, 1);
        tick(2, load(0, 0, Map.of("l1", 1)), 0);
        assertThat(acts).contains(new CrewAct.Withdraw(2));
        assertThat(plan.isComing()).isFalse();
    }

    @Test
    void aLostOneCostsItsFilesAndAnotherIsAskedFor() {
        plan(linux(1, 1));
        tick(0, queued(3), 0);
        serves(1, 1);
        tick(2, load(2, 0, Map.of("l1", 1)), 0);
        acts.clear();
        acts.addAll(over(1, "its connection is lost"));
        assertThat(acts).contains(new CrewAct.Gone("l1", "its connection is lost"));
        tick(3, queued(3), 0);
        assertThat(asked()).containsExactly(2);
        assertThat(said())
                .contains("The executor on agent1 is lost: its connection is lost. What it ran goes to others.")
                .contains("Asking for");
    }

    @Test
    void oneThatIsLostBeforeAnybodyHasLookedIsLostAllTheSame() {
        plan(linux(1, 1));
        tick(0, queued(3), 0);
        serves(1, 1);
        acts.clear();
        acts.addAll(plan.over(2, 1, load(2, 0, Map.of("l1", 1)), "its connection is lost"));
        assertThat(acts).contains(new CrewAct.Gone("l1", "its connection is lost"));
        assertThat(said()).contains("is lost: its connection is lost").doesNotContain("cannot run tests");
    }

    @Test
    void afterThreeInARowThatCannotServeNoOtherIsAskedFor() {
        plan(linux(1, 1));
        for (int i = 1; i <= 3; i++) {
            tick(i, queued(3), 0);
            assertThat(asked()).hasSize(i);
            plan.came(i, i, "agent");
            acts.addAll(over(i, "no space left"));
        }
        tick(4, queued(3), 0);
        assertThat(asked()).hasSize(3);
        assertThat(said()).contains("(agent) cannot run tests: no space left", "That was so 3 times in a row");
        assertThat(plan.isComing()).isFalse();
    }

    @Test
    void oneThatDoesNotReachTheBrokerGoesBack() {
        plan(linux(1, 1));
        tick(0, queued(3), 0);
        serves(1, 1);
        tick(120, queued(3), 0);
        assertThat(plan.isComing()).isTrue();
        tick(122, queued(3), 0);
        assertThat(acts).contains(new CrewAct.Release(1));
        assertThat(said()).contains("has not reached the broker within 120 s");
    }

    @Test
    void oneWhoseListenerHasRefusedGoesBackAndCountsAsOneThatCannotServe() {
        plan(linux(1, 1));
        double now = 0;
        for (int i = 1; i <= 3; i++) {
            tick(now, queued(3), 0);
            serves(now + 1, i);
            tick(now + 2, load(3, 0, Map.of(), "l" + i), 0);
            tick(now + 3, queued(3), 0);
            assertThat(acts).doesNotContain(new CrewAct.Release(i));
            tick(now + 19, queued(3), 0);
            assertThat(acts).contains(new CrewAct.Release(i));
            over(i, "exit code 0");
            now += 20;
        }
        tick(now, queued(3), 0);
        assertThat(asked()).hasSize(3);
    }

    @Test
    void whatSomebodyTakesAwayIsNotAskedForAgain() {
        plan(linux(2, 1));
        tick(0, queued(9), 0);
        serves(1, 1);
        acts.addAll(plan.takenAway(2, 1));
        acts.addAll(plan.takenAway(2, 2));
        assertThat(acts).contains(new CrewAct.Release(1));
        acts.addAll(over(1, "exit code 0"));
        tick(3, queued(9), 0);
        assertThat(asked()).hasSize(2);
        assertThat(said())
                .contains("was cancelled: no other is asked for in its place")
                .doesNotContain("lost");
    }

    @Test
    void theEndTakesEverythingBack() {
        plan(linux(3, 1));
        tick(0, queued(9), 0);
        serves(1, 1);
        plan.came(1, 2, "agent2");
        acts.clear();
        acts.addAll(plan.end(2));
        assertThat(acts)
                .containsExactlyInAnyOrder(new CrewAct.Release(1), new CrewAct.Release(2), new CrewAct.Withdraw(3));
        assertThat(over(1, "exit code 0")).isEmpty();
        assertThat(over(2, "exit code 0")).isEmpty();
    }
}
