package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.gearman.common.GearmanPacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegistrationTest {
    private final Registration registration = new Registration();

    @Test
    void registersAllOnANewConnectionInTheirOrder() {
        registration.want(List.of("c", "a", "b"));
        assertThat(changes()).containsExactly("+c", "+a", "+b");
        assertThat(registration.size()).isEqualTo(3);
        registration.reset();
        assertThat(registration.size()).isZero();
        assertThat(changes()).containsExactly("+c", "+a", "+b");
    }

    @Test
    void aChangeCostsAPacketForEachFunctionThatChanged() {
        registration.want(List.of("a", "b"));
        changes();
        registration.want(List.of("b", "c"));
        assertThat(changes()).containsExactly("-a", "+c");
        registration.want(List.of("c", "b"));
        assertThat(changes()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void neverGivesUpWhatThisConnectionHasNotRegistered() {
        registration.want(List.of("a"));
        changes();
        registration.reset();
        registration.want(List.of());
        assertThat(changes()).isEmpty();
    }

    @Test
    void keepsABusyFunctionUntilItIsFree() {
        registration.want(List.of("a", "b"));
        changes();
        registration.want(List.of("b"));
        assertThat(changes("a")).isEmpty();
        assertThat(registration.size()).isEqualTo(2);
        assertThat(changes("a")).isEmpty();
        assertThat(changes()).containsExactly("-a");
        assertThat(registration.size()).isEqualTo(1);
    }

    @Test
    void aKeptFunctionThatIsWantedAgainCostsNothing() {
        registration.want(List.of("a"));
        changes();
        registration.want(List.of());
        changes("a");
        registration.want(List.of("a"));
        assertThat(changes("a")).isEmpty();
        assertThat(changes()).isEmpty();
        assertThat(registration.size()).isEqualTo(1);
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    /** Against a server that closes the connection at a CANT_DO of what it does not know, as Zuul's does. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theServerAlwaysKnowsWhatIsWanted(int seed) {
        Random random = new Random(seed);
        Set<String> server = new HashSet<>();
        Set<String> wanted = new LinkedHashSet<>();
        for (int step = 0; step < 500; step++) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                registration.reset();
                server.clear();
            } else if (kind < 5) {
                wanted = some(random);
                registration.want(wanted);
            }
            Set<String> busy = some(random);
            Set<String> kept = new HashSet<>(server);
            kept.retainAll(busy);
            for (String change : changes(busy.toArray(String[]::new))) {
                String function = change.substring(1);
                assertThat(change.startsWith("+") ? server.add(function) : server.remove(function))
                        .as("step %d: %s at %s", step, change, server)
                        .isTrue();
            }
            Set<String> expected = new HashSet<>(wanted);
            expected.addAll(kept);
            assertThat(server).as("step %d", step).isEqualTo(expected);
            assertThat(registration.size()).isEqualTo(server.size());
        }
    }

    private static Set<String> some(Random random) {
        Set<String> some = new LinkedHashSet<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            some.add("f" + random.nextInt(10));
        }
        return some;
    }

    private List<String> changes(String... busy) {
        List<String> changes = new ArrayList<>();
        for (Packet packet : registration.changes(Set.of(busy)::contains)) {
            boolean adds = packet.is(GearmanPacketType.CAN_DO);
            assertThat(adds || packet.is(GearmanPacketType.CANT_DO)).isTrue();
            changes.add((adds ? "+" : "-") + new String(packet.data(), StandardCharsets.UTF_8));
        }
        return changes;
    }
}
