package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void a_line_is_split_at_blanks_outside_of_quotes() {
        assertThat(Words.split("bundle exec  ruby ")).containsExactly("bundle", "exec", "ruby");
        assertThat(Words.split("a 'b c' \"d \\\"e\" f\\ g ''")).containsExactly("a", "b c", "d \"e", "f g", "");
        assertThat(Words.split("'a\\b'")).containsExactly("a\\b");
        assertThat(Words.split("  ")).isEmpty();
    }

    @Test
    void what_a_shell_would_do_is_not_done() {
        assertThat(Words.split("echo $HOME;ls `x` *")).containsExactly("echo", "$HOME;ls", "`x`", "*");
    }

    @Test
    void an_open_quote_is_an_error() {
        assertThatThrownBy(() -> Words.split("a 'b")).hasMessage("a quote is not closed");
    }
}
