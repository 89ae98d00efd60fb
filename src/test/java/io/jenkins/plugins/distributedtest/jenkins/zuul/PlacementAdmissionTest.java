package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.loop.EventLoop;
import io.jenkins.plugins.distributedtest.zuul.Offer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacementAdmissionTest {
    private static final String SERVER = "zuul.example.org:4730";
    private static final Placement X = new Placement("x", null, false);
    private static final Placement Y = new Placement("y", null, false);
    private static final FunctionTable TABLE = FunctionTable.of(
            List.of(
                    new JenkinsJob("onX", "x", Set.of(), false, false),
                    new JenkinsJob("onY", "y", Set.of(), false, false)),
            NameScheme.FULL);

    private final EventLoop loop = new EventLoop("placement-test");
    private final ActiveBuilds builds = new ActiveBuilds(loop);
    private Integer limit;
    private int active;
    private final PlacementAdmission admission = new PlacementAdmission(builds, SERVER, () -> limit, () -> active);

    @AfterEach
    void close() {
        loop.close();
    }

    private static JenkinsLoad load(int onX, int onY) {
        Map<Placement, Set<String>> nodes = Map.of(X, Set.of("n1"), Y, Set.of("n2"));
        return new JenkinsLoad(Map.of("n1", onX, "n2", onY), nodes, Set.of(), List.of(), Set.of(), false);
    }

    private ActiveBuilds.Orphan orphan(String token, String server, String function) {
        return new ActiveBuilds.Orphan(
                token, new RequestOrigin("u-" + token, function, server, "manager"), "onX", null, 0);
    }

    private Offer offer() {
        return admission.offer(active);
    }

    @Test
    void offersNothingBeforeItKnowsJenkins() {
        assertThat(offer()).isEqualTo(Offer.nothing());
        admission.setTable(TABLE);
        assertThat(offer()).isEqualTo(Offer.nothing());
        assertThat(admission.offered()).isZero();
    }

    @Test
    void offersOneOfTheJobsThatCouldRun() {
        admission.setTable(TABLE);
        admission.setLoad(load(3, 0));
        assertThat(offer()).isEqualTo(Offer.only(Set.of("onX"), 1));
        admission.setLoad(load(1, 1));
        assertThat(offer()).isEqualTo(Offer.only(Set.of("onX", "onY"), 1));
        assertThat(admission.offered()).isEqualTo(2);
    }

    @Test
    void keepsTheNamesWhileNothingCouldRunSoThatNoFunctionIsGivenUp() {
        admission.setTable(TABLE);
        admission.setLoad(load(0, 1));
        offer();
        admission.setLoad(load(0, 0));
        assertThat(offer()).isEqualTo(Offer.only(Set.of("onY"), 0));
        assertThat(admission.offered()).isZero();
    }

    @Test
    void theEndOfAJobSaysNothingOfAFreeExecutor() {
        admission.setTable(TABLE);
        admission.setLoad(load(1, 0));
        Offer held = offer().less();
        assertThat(admission.ended(held, 0)).isEqualTo(held);
    }

    @Test
    void theLimitIsAskedForEachTime() {
        admission.setTable(TABLE);
        admission.setLoad(load(5, 5));
        limit = 2;
        active = 2;
        assertThat(offer().further()).isZero();
        limit = 3;
        assertThat(offer().further()).isEqualTo(1);
    }

    @Test
    void aBuildThatGoesOnIsAskedForWhateverElseHolds() {
        admission.setTable(TABLE);
        admission.setLoad(load(0, 0));
        builds.addOrphan(orphan("t1", SERVER, "onX"));
        builds.addOrphan(orphan("t2", "another.example.org:4730", "onY"));
        builds.addOrphan(orphan("t3", SERVER, "no-longer-served"));
        assertThat(offer()).isEqualTo(Offer.only(Set.of("onX"), 1));
        builds.removeOrphan("t1");
        assertThat(offer().further()).isZero();
    }

    static IntStream seeds() {
        return IntStream.range(0, 30);
    }

    /** Whatever happens in whatever order, only served jobs are offered, and only when they could run or go on. */
    @ParameterizedTest
    @MethodSource("seeds")
    void neverOffersWhatCouldNotRun(int seed) {
        Random random = new Random(seed);
        admission.setTable(TABLE);
        Set<String> orphans = new HashSet<>();
        int[] free = new int[2];
        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    free = new int[] {random.nextInt(2), random.nextInt(2)};
                    admission.setLoad(load(free[0], free[1]));
                }
                case 1 -> limit = random.nextBoolean() ? null : random.nextInt(4);
                case 2 -> active = random.nextInt(4);
                default -> {
                    String job = random.nextBoolean() ? "onX" : "onY";
                    if (orphans.add(job)) {
                        builds.addOrphan(orphan(job, SERVER, job));
                    } else {
                        orphans.remove(job);
                        builds.removeOrphan(job);
                    }
                }
            }
            Set<String> could = new HashSet<>(orphans);
            if (limit == null || active < limit) {
                could.addAll(free[0] > 0 ? Set.of("onX") : Set.of());
                could.addAll(free[1] > 0 ? Set.of("onY") : Set.of());
            }
            Offer offer = offer();
            assertThat(offer.further()).as("step %d", step).isEqualTo(could.isEmpty() ? 0 : 1);
            assertThat(TABLE.names()).containsAll(offer.jobs());
            if (!could.isEmpty()) {
                assertThat(offer.jobs()).as("step %d", step).isEqualTo(could);
            }
        }
    }
}
