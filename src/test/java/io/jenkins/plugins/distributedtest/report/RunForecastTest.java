package io.jenkins.plugins.distributedtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.jenkins.plugins.distributedtest.suite.FileSizes;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunForecastTest {
    private static RunForecast forecast(Map<String, Double> recorded, List<String> paths, Integer... slots) {
        List<TestFile> suite = paths.stream().map(TestFile::new).toList();
        RuntimeHistory history = RuntimeHistory.of(recorded);
        return RunForecast.of(
                history.order(suite), history.estimate(suite, FileSizes.UNKNOWN), List.of(slots), Map.of());
    }

    @Test
    void theSumOrTheLongestFileSetsTheBound() {
        RunForecast forecast =
                forecast(Map.of("a", 10.0, "b", 4.0, "c", 4.0, "d", 2.0), List.of("a", "b", "c", "d"), 1, 2, 4);

        assertThat(forecast.testSeconds()).isEqualTo(20);
        assertThat(forecast.recorded()).isEqualTo(4);
        assertThat(forecast.rows()).extracting(RunForecast.Row::boundSeconds).containsExactly(20.0, 10.0, 10.0);
        assertThat(forecast.rows()).extracting(RunForecast.Row::wallSeconds).containsExactly(20.0, 10.0, 10.0);
        assertThat(forecast.rows().get(0).setBy()).isEmpty();
        assertThat(forecast.rows().get(1).setBy()).isEmpty();
        assertThat(forecast.rows().get(2).setBy())
                .extracting(file -> file.file().path())
                .containsExactly("a");
        assertThat(forecast.lines())
                .anyMatch(line -> line.contains("4 files") && line.contains("4 with a recorded time"))
                .anyMatch(line -> line.contains("    2") && line.contains("all files together"))
                .anyMatch(line -> line.contains("    4") && line.contains("a; split, 5.00 s at best"));
    }

    @Test
    void whatHasNoRecordIsMarked() {
        RunForecast forecast =
                forecast(Map.of("t/a", 2.0, "t/b", 2.0, "t/c", 2.0), List.of("t/a", "t/b", "t/c", "t/new"), 4);

        assertThat(forecast.recorded()).isEqualTo(3);
        assertThat(forecast.testSeconds()).isEqualTo(8);
        assertThat(forecast.lines())
                .anyMatch(line -> line.contains("1 judged by size"))
                .anyMatch(line -> line.contains("t/new (not recorded)"));
    }

    /** Never below the bound, and never above it by more than the longest file. */
    @Test
    void theExpectedTimeIsNearTheBound() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            Map<String, Double> recorded = new HashMap<>();
            for (int i = 0; i < 1 + random.nextInt(60); i++) {
                recorded.put("f" + i, Math.exp(random.nextGaussian()));
            }
            RunForecast forecast = forecast(recorded, List.copyOf(recorded.keySet()), 1, 2, 3, 8, 16);
            assertThat(forecast.rows()).allSatisfy(row -> {
                assertThat(row.wallSeconds()).isGreaterThanOrEqualTo(row.boundSeconds() - 1e-9);
                assertThat(row.wallSeconds())
                        .isLessThanOrEqualTo(forecast.testSeconds() / row.slots()
                                + forecast.longest().get(0).seconds()
                                + 1e-9);
                assertThat(row.splitSeconds(forecast.testSeconds()))
                        .isCloseTo(forecast.testSeconds() / row.slots(), within(1e-9));
            });
        }
    }

    @Test
    void noSlotsAreAnError() {
        assertThatThrownBy(() -> forecast(Map.of("a", 1.0), List.of("a"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }
}
