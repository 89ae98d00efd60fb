package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkNamesTest {
    @Test
    void are_lower_case() throws Exception {
        assertEquals("floor-lamp", Texts.slug("Floor Lamp"));
    }

    @Test
    void have_no_accents() throws Exception {
        assertEquals("creme-brulee", Texts.slug("Crème brûlée"));
    }

    @Test
    void have_no_dashes_at_the_ends() throws Exception {
        assertEquals("sale", Texts.slug("!! Sale !!"));
    }
}
