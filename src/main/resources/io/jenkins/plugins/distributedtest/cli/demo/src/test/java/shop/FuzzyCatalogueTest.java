package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzyCatalogueTest {
    @Test
    void finds_the_nearest_title() throws Exception {
        List<String> titles = List.of("desk lamp", "floor lamp", "lampshade", "armchair", "bookcase");
        String best = titles.stream().min((a, b) -> Texts.distance("desk lmap", a) - Texts.distance("desk lmap", b)).get();
        assertEquals("desk lamp", best);
    }

    @Test
    void compares_long_texts() throws Exception {
        String a = "upholstery ".repeat(120);
        String b = "upholsterer ".repeat(120);
        assertEquals(240, Texts.distance(a, b));
    }
}
