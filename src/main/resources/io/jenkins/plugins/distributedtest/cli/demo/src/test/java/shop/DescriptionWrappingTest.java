package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptionWrappingTest {
    @Test
    void breaks_between_words() throws Exception {
        assertEquals(List.of("a soft", "lamp"), Texts.wrap("a soft lamp", 6));
    }

    @Test
    void keeps_long_words_whole() throws Exception {
        assertEquals(List.of("extraordinary", "lamp"), Texts.wrap("extraordinary lamp", 5));
    }

    @Test
    void never_goes_over_the_width() throws Exception {
        String text = "the quick brown fox jumps over the lazy dog ".repeat(200);
        for (int width = 5; width < 80; width++) {
            for (String line : Texts.wrap(text, width)) {
                assertTrue(line.length() <= width);
            }
        }
    }
}
