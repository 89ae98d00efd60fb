package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void aLineIsSplitAtBlanksOutsideOfQuotes() {
        assertThat(Words.split("bundle exec  ruby ")).containsExactly("bundle", "exec", "ruby");
        assertThat(Words.split("a 'b c' \"d \\\"e\" f\\ g ''")).containsExactly("a", "b c", "d \"e", "f g", "");
        assertThat(Words.split("'a\\b'")).containsExactly("a\\b");
        assertThat(Words.split("  ")).isEmpty();
    }

    @Test
    void whatAShellWouldDoIsNotDone() {
        assertThat(Words.split("echo $HOME;ls `x` *")).containsExactly("echo", "$HOME;ls", "`x`", "*");
    }

    @Test
    void anOpenQuoteIsAnError() {
        assertThatThrownBy(() -> Words.split("a 'b")).hasMessage("a quote is not closed");
    }
}
