package io.jenkins.plugins.distributedtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedTextTest {
    private static BoundedText of(int head, int tail, String text) {
        BoundedText bounded = new BoundedText(head, tail);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        bounded.append(bytes, 0, bytes.length);
        return bounded;
    }

    @Test
    void shortTextIsWhole() {
        assertThat(of(3, 4, "")).hasToString("");
        assertThat(of(3, 4, "ab")).hasToString("ab");
        assertThat(of(3, 4, "abcdefg")).hasToString("abcdefg");
        assertThat(of(0, 1, "a")).hasToString("a");
    }

    @Test
    void longTextKeepsHeadAndTail() {
        assertThat(of(3, 4, "abcdefghij")).hasToString("abc\n[… 3 bytes left out …]\nghij");
        assertThat(of(3, 4, "abcdefghij").length()).isEqualTo(10);
    }

    @Test
    void cutDoesNotBreakCharacters() {
        assertThat(of(2, 2, "aäxxxxäb").toString()).isEqualTo("a\n[… 8 bytes left out …]\nb");
        assertThat(of(4, 4, "😀xxxx😀")).hasToString("😀\n[… 4 bytes left out …]\n😀");
        assertThat(of(5, 5, "a😀xxxx😀b")).hasToString("a😀\n[… 4 bytes left out …]\n😀b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyPiecesGiveWhatTheWholeGives(long seed) {
        Random random = new Random(seed);
        int head = random.nextInt(50);
        int tail = 1 + random.nextInt(50);
        byte[] bytes = new byte[random.nextInt(400)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        BoundedText pieces = new BoundedText(head, tail);
        for (int at = 0; at < bytes.length; ) {
            int n = Math.min(bytes.length - at, random.nextInt(120));
            pieces.append(bytes, at, n);
            at += n;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        String expected = text.length() <= head + tail
                ? text
                : text.substring(0, head) + "\n[… " + (text.length() - head - tail) + " bytes left out …]\n"
                        + text.substring(text.length() - tail);
        assertThat(pieces).hasToString(expected);
    }

    @Test
    void sliceReadsPartOfAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "before|" + "x".repeat(300_000) + "|end");
        assertThat(BoundedText.slice(file, 300_007, Long.MAX_VALUE)).isEqualTo("|end");
        assertThat(BoundedText.slice(file, 0, 7)).isEqualTo("before|");
        assertThat(BoundedText.slice(file, 999_999, Long.MAX_VALUE)).isEmpty();
        assertThat(BoundedText.slice(file, 7, Long.MAX_VALUE))
                .startsWith("xxx")
                .endsWith("x|end")
                .contains(
                        "[… " + (300_004 - BoundedText.DEFAULT_HEAD - BoundedText.DEFAULT_TAIL) + " bytes left out …]");
        assertThat(BoundedText.slice(directory.resolve("gone"), 0, 10)).isEmpty();
    }

    @Test
    void cutShortensCharacters() {
        assertThat(BoundedText.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(BoundedText.cut("abcdefgh", 4)).isEqualTo("ab\n[… 4 characters left out …]\ngh");
        assertThat(BoundedText.cut(null, 4)).isNull();
        assertThat(BoundedText.cut("a😀😀b", 4)).isEqualTo("a\n[… 4 characters left out …]\nb");
    }
}
