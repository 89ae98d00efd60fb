package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.zuul.Offer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementRuleTest {
    private static final Placement ANY = new Placement("", null, false);
    private static final Placement X = new Placement("x", null, false);
    private static final Placement Y = new Placement("y", null, false);
    private static final Map<Placement, Set<String>> NODES =
            Map.of(ANY, Set.of("n1", "n2"), X, Set.of("n1"), Y, Set.of("n2"));

    private final FunctionTable table = FunctionTable.of(
            List.of(
                    new JenkinsJob("any", "", Set.of(), false, false),
                    new JenkinsJob("onX", "x", Set.of(), false, false),
                    new JenkinsJob("onY", "y", Set.of(), false, false),
                    new JenkinsJob("alone", "", Set.of(), true, false)),
            NameScheme.FULL);

    private static JenkinsLoad load(int n1, int n2) {
        return new JenkinsLoad(Map.of("n1", n1, "n2", n2), NODES, Set.of(), List.of(), Set.of(), false);
    }

    private Offer offer(JenkinsLoad load, Placement... taken) {
        return PlacementRule.of(table, load, List.of(taken), Set.of(), null, 0);
    }

    @Test
    void offersWhatAFreeExecutorCouldRunOneAtATime() {
        assertThat(offer(load(1, 0))).isEqualTo(Offer.only(Set.of("any", "onX", "alone"), 1));
        assertThat(offer(load(0, 0))).isEqualTo(Offer.nothing());
    }

    @Test
    void whatWasTakenSpeaksForAnExecutorUntilItShows() {
        assertThat(offer(load(1, 1), ANY).jobs()).containsExactlyInAnyOrder("any", "onX", "onY", "alone");
        assertThat(offer(load(1, 1), X).jobs()).containsExactlyInAnyOrder("any", "onY", "alone");
        // The one that may run anywhere leaves n2 to the one that may not.
        assertThat(offer(load(1, 1), ANY, X)).isEqualTo(Offer.nothing());
    }

    @Test
    void jenkinsOwnQueueGoesFirst() {
        JenkinsLoad load = new JenkinsLoad(
                Map.of("n1", 1, "n2", 0), NODES, Set.of(), List.of(Set.of("n1", "n2")), Set.of(), false);
        assertThat(offer(load)).isEqualTo(Offer.nothing());
    }

    @Test
    void aJobThatRunsAloneIsNotOfferedBesideItself() {
        JenkinsLoad busy = new JenkinsLoad(Map.of("n1", 1), NODES, Set.of(), List.of(), Set.of("alone", "any"), false);
        assertThat(offer(busy).jobs()).containsExactlyInAnyOrder("any", "onX");
        Offer taken = PlacementRule.of(table, load(2, 2), List.of(ANY), Set.of("alone"), null, 1);
        assertThat(taken.jobs()).containsExactlyInAnyOrder("any", "onX", "onY");
    }

    @Test
    void nothingIsOfferedBeforeAShutdownOrAtTheLimit() {
        JenkinsLoad quiet = new JenkinsLoad(Map.of("n1", 1), NODES, Set.of(), List.of(), Set.of(), true);
        assertThat(offer(quiet)).isEqualTo(Offer.nothing());
        assertThat(offer(JenkinsLoad.UNKNOWN)).isEqualTo(Offer.nothing());
        assertThat(PlacementRule.of(table, load(5, 5), List.of(), Set.of(), 3, 3))
                .isEqualTo(Offer.nothing());
        assertThat(PlacementRule.of(table, load(5, 5), List.of(), Set.of(), 3, 2)
                        .jobs())
                .isNotEmpty();
    }

    @Test
    void aCloudThatCouldAddANodeCountsWithANumberOnly() {
        JenkinsLoad load = new JenkinsLoad(Map.of(), NODES, Set.of(X), List.of(), Set.of(), false);
        assertThat(offer(load)).isEqualTo(Offer.nothing());
        assertThat(PlacementRule.of(table, load, List.of(), Set.of(), 5, 0).jobs())
                .containsExactly("onX");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsARoomForAllWheneverThereIsOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Map<String, Integer> free = new HashMap<>();
            for (int n = 0; n < 4; n++) {
                free.put("n" + n, random.nextInt(3));
            }
            ExecutorMatching matching = new ExecutorMatching(free);
            List<Set<String>> taken = new ArrayList<>();
            for (int b = 0; b < 10; b++) {
                Set<String> nodes = new java.util.HashSet<>();
                for (int n = 0; n < 4; n++) {
                    if (random.nextInt(3) == 0) {
                        nodes.add("n" + n);
                    }
                }
                List<Set<String>> with = new ArrayList<>(taken);
                with.add(nodes);
                boolean fits = fits(with, 0, new HashMap<>(free));
                assertThat(matching.could(nodes)).isEqualTo(fits);
                assertThat(matching.take(nodes)).isEqualTo(fits);
                if (fits) {
                    taken.add(nodes);
                }
            }
        }
    }

    /** By trying all. */
    private static boolean fits(List<Set<String>> builds, int from, Map<String, Integer> free) {
        if (from == builds.size()) {
            return true;
        }
        for (String node : builds.get(from)) {
            if (free.get(node) > 0) {
                free.merge(node, -1, Integer::sum);
                boolean rest = fits(builds, from + 1, free);
                free.merge(node, 1, Integer::sum);
                if (rest) {
                    return true;
                }
            }
        }
        return false;
    }
}
