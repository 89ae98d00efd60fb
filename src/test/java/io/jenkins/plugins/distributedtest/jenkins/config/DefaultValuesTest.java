package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultValuesTest {
    @Test
    void theWordsAreThoseOfTheEngine() {
        assertThat(DefaultValues.RUNNERS).contains("rspec", "pytest", "junit", "node", "command");
        assertThat(DefaultValues.PROTOCOLS).containsExactly("native", "gorgon");
        assertThat(DefaultValues.SYNCS).containsExactly("content", "rsync", "git", "none");
    }

    @Test
    void nothingIsAllowedEverywhere() {
        assertThat(DefaultValues.word("sync", null, DefaultValues.SYNCS)).isNull();
        assertThat(DefaultValues.duration("fileTimeout", null)).isNull();
        assertThat(DefaultValues.count("retries", null)).isNull();
        DefaultValues.typedCount("retries", null);
    }

    @Test
    void aWrongWordIsNamedWithTheNearest() {
        assertThatThrownBy(() -> DefaultValues.word("runner", "rspce", DefaultValues.RUNNERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("runner")
                .hasMessageContaining("\"rspce\"")
                .hasMessageContaining("did you mean \"rspec\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "10 m", "1.5h", "90"})
    void durationsAreThoseOfTheEngine(String text) {
        assertThat(DefaultValues.duration("fileTimeout", text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "soon", "10 fortnights", "-5s"})
    void whatIsNoDurationIsNamed(String text) {
        assertThatThrownBy(() -> DefaultValues.duration("fileTimeout", text))
                .hasMessageContaining("fileTimeout")
                .hasMessageContaining(text);
    }

    @Test
    void numbersAreNotNegative() {
        assertThat(DefaultValues.count("retries", 0)).isZero();
        assertThatThrownBy(() -> DefaultValues.count("retries", -1)).hasMessageContaining("-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "many", "12345678901"})
    void whatIsNoNumberIsNamed(String typed) {
        assertThatThrownBy(() -> DefaultValues.typedCount("Retries", typed)).hasMessageContaining(typed);
    }
}
