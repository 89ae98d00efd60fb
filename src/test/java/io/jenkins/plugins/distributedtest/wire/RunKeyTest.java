package io.jenkins.plugins.distributedtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunKeyTest {
    private static final Map<String, String> SECRETS =
            Map.of("TOKEN", "hunter2", "MANY", "lines\nand \u2713 \"quotes\"", "EMPTY", "");

    @Test
    void whatIsSealedOpensWithTheSameKeyAlsoFromItsText() throws WireException {
        RunKey key = RunKey.create();
        String sealed = key.seal(SECRETS);
        assertThat(sealed).matches("[A-Za-z0-9_-]+");
        assertThat(new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain("hunter2", "TOKEN");
        assertThat(key.open(sealed)).isEqualTo(SECRETS);
        assertThat(RunKey.parse(key.toSecretText()).open(sealed)).isEqualTo(SECRETS);
        assertThat(key.seal(SECRETS)).isNotEqualTo(sealed);
        assertThat(key.toString()).doesNotContain(key.toSecretText());
    }

    @Test
    void anotherKeyOpensNothing() {
        String sealed = RunKey.create().seal(SECRETS);
        assertThatThrownBy(() -> RunKey.create().open(sealed))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("another key");
    }

    @Test
    void whatWasChangedOnItsWayIsRefused() {
        RunKey key = RunKey.create();
        byte[] sealed = Base64.getUrlDecoder().decode(key.seal(SECRETS));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            String text = Base64.getUrlEncoder().encodeToString(changed);
            assertThatThrownBy(() -> key.open(text)).isInstanceOf(WireException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatIsNothingSealedIsRefused(String text) {
        assertThatThrownBy(() -> RunKey.create().open(text)).isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!"})
    void whatIsNoKeyIsRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> RunKey.parse(text))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("The key of the run")
                .hasMessageNotContaining("not base64!");
    }

    @Test
    void tooMuchIsNotSealed() {
        Map<String, String> much = Map.of("A", "x".repeat(RunKey.MAX_BYTES));
        assertThatThrownBy(() -> RunKey.create().seal(much))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("xxx");
    }
}
