package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptionSearchTest {
    @Test
    void counts_changes() throws Exception {
        assertEquals(3, Texts.distance("kitten", "sitting"));
    }

    @Test
    void is_zero_for_equal_texts() throws Exception {
        assertEquals(0, Texts.distance("lamp", "lamp"));
    }

    @Test
    void is_symmetric() throws Exception {
        assertEquals(Texts.distance("table", "cable car"), Texts.distance("cable car", "table"));
    }
}
