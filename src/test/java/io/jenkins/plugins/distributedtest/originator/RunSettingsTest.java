package io.jenkins.plugins.distributedtest.originator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunSettingsTest {
    private static RunSettings settings(Duration originatorTimeout) {
        return settings(originatorTimeout, new Sync.None(List.of()));
    }

    private static RunSettings settings(Duration originatorTimeout, Sync sync) {
        return new RunSettings(
                "project \u2713",
                "team-a",
                RunSettings.Dialect.GORGON,
                Duration.ofMinutes(10),
                null,
                Duration.ofSeconds(60),
                Duration.ofMillis(500),
                Duration.ofSeconds(20),
                originatorTimeout,
                3,
                2,
                20,
                true,
                Map.of("RAILS_ENV", "test"),
                null,
                sync,
                new CallbackSpec("callbacks.rb", Map.of("after_sync", List.of("bin/setup", "--fast"))),
                new RunnerSettings(
                                List.of(new RunnerSettings.Rule("checks/*.sh", "command")),
                                Map.of("ruby", List.of("bundle", "exec", "ruby")),
                                Map.of("rspec", List.of("--tag", "fast")),
                                Map.of("rspec", List.of("spec/rails_helper.rb")),
                                List.of("lib/*.jar"),
                                List.of("mvn"),
                                List.of("sh", "{file}"))
                        .using(List.of("rspec", "command")),
                true,
                CollectSettings.NONE,
                new Quarantine(List.of(
                        new Quarantine.Entry("a_spec.rb", "", "adds"), new Quarantine.Entry("b_spec.rb", "", ""))),
                new FileGroups(Map.of("database", List.of("spec/db/**", "spec/sql/**"))));
    }

    @Test
    void settingsComeBackFromTheirJsonAsTheyWere() throws WireException {
        assertThat(RunSettings.fromJson(settings(null).toJson())).isEqualTo(settings(null));
        RunSettings patient = settings(Duration.ofMinutes(30));
        assertThat(RunSettings.fromJson(patient.toJson())).isEqualTo(patient);
        RunSettings sealed = patient.withSealed("c2VhbGVk");
        assertThat(RunSettings.fromJson(sealed.toJson())).isEqualTo(sealed).isNotEqualTo(patient);
    }

    static Stream<Sync> everyKindOfSync() {
        return Stream.of(
                new Sync.Content(List.of(".git", "/log"), 5),
                new Sync.Rsync(List.of(".git"), new Sync.Daemon("host", 873, "src")),
                new Sync.Rsync(List.of(), new Sync.OverSsh("user@host", "C:\\key", "/config", true)),
                new Sync.Rsync(List.of(), new Sync.OverSsh("host", null, null, false)),
                new Sync.Git(List.of(), "https://host/x", "main", List.of("https")),
                new Sync.Git(List.of(), null, null, null),
                new Sync.None(List.of("/tmp")));
    }

    @ParameterizedTest
    @MethodSource
    void everyKindOfSync(Sync sync) throws WireException {
        RunSettings settings = settings(null, sync);
        assertThat(RunSettings.fromJson(settings.toJson())).isEqualTo(settings);
    }

    /** As a version before wrote them: with the fields of all kinds, null where they are another's. */
    @Test
    void settingsOfAnEarlierFormAreRefused() {
        String json = new String(settings(null).toJson(), StandardCharsets.UTF_8)
                .replace("{\"kind\":\"none\",", "{\"kind\":\"NONE\",\"rsyncHost\":null,");
        assertThat(json).contains("rsyncHost");
        assertThatThrownBy(() -> RunSettings.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("Not the settings of a run")
                .hasMessageContaining("NONE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[]", "{\"fileTimeout\": \"soon\"}", "nonsense"})
    void whatHoldsNoSettingsIsRefused(String json) {
        assertThatThrownBy(() -> RunSettings.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("Not the settings of a run");
    }

    @Test
    void listenersAreToldToWaitForTheOriginatorAsLongAsItIsConfigured() {
        assertThat(settings(null).silenceForListeners()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings(Duration.ofMinutes(30)).silenceForListeners()).isEqualTo(Duration.ofMinutes(5));
    }
}
