package io.jenkins.plugins.distributedtest.originator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OtherClustersTest {
    private final OtherClusters others = new OtherClusters();

    @Test
    void nothingIsSaidWhereNobodyAnswers() {
        assertThat(others.inWords()).isEmpty();
    }

    @Test
    void eachClusterIsNamedOnce() {
        others.answered("team-b");
        others.answered("team-a");
        others.answered("team-b");
        assertThat(others.inWords())
                .isEqualTo("Listeners answer there, but of clusters team-a, team-b: is cluster the right one? ");
        others.answered("");
        assertThat(others.inWords()).contains("of clusters team-a, team-b and no cluster:");
    }

    @Test
    void noneIsOneOfThem() {
        others.answered(null);
        assertThat(others.inWords()).contains("but of no cluster:");
        others.answered("x");
        assertThat(others.inWords()).contains("but of cluster x and no cluster:");
    }

    @Test
    void manyAndLongNamesStayShort() {
        others.answered("x".repeat(200));
        assertThat(others.inWords()).contains("x".repeat(60) + "…:");
        for (int i = 100; i < 200; i++) {
            others.answered("c" + i);
        }
        assertThat(others.inWords()).contains("c118, x", ", …:").doesNotContain("c119");
    }
}
