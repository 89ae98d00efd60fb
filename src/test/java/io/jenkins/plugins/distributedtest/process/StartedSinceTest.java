package io.jenkins.plugins.distributedtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.process.StartedSince.Ids;
import org.junit.jupiter.api.Test;

/** Which ids may have been given between two moments. */
class StartedSinceTest {
    private static final long MOST = 32_768;

    private static Ids at(long last, long given) {
        return new Ids(last, given, 300, MOST);
    }

    @Test
    void idsAreGivenInOrder() {
        Ids before = at(5_000, 100_000);
        Ids later = at(5_010, 100_010);
        assertThat(before.mayBeGiven(5_000, later)).isFalse();
        assertThat(before.mayBeGiven(5_001, later)).isTrue();
        assertThat(before.mayBeGiven(5_010, later)).isTrue();
        assertThat(before.mayBeGiven(5_011, later)).isFalse();
    }

    @Test
    void idsBeginAnewAfterTheHighest() {
        Ids before = at(32_760, 100_000);
        Ids later = at(310, 100_020);
        assertThat(before.mayBeGiven(32_760, later)).isFalse();
        assertThat(before.mayBeGiven(32_761, later)).isTrue();
        assertThat(before.mayBeGiven(305, later)).isTrue();
        assertThat(before.mayBeGiven(311, later)).isFalse();
    }

    @Test
    void soManyMayHaveBeenGivenThatItMayBeAnyId() {
        assertThat(at(5_000, 100_000).mayBeGiven(4_000, at(5_010, 131_000))).isTrue();
    }

    @Test
    void idsInUseAreLeftOutSoThatFewerGoAllAround() {
        Ids later = new Ids(5_010, 120_000, 20_000, MOST);
        assertThat(at(5_000, 100_000).mayBeGiven(4_000, later)).isTrue();
    }

    @Test
    void itMayBeAnyIdWhereNobodyCounts() {
        assertThat(new Ids(5_000, -1, 300, MOST).mayBeGiven(1, at(5_010, 10))).isTrue();
        assertThat(StartedSince.EVER.mayBe(1, StartedSince.EVER.later())).isTrue();
    }
}
