package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CodesOnBoxesTest {
    @Test
    void accepts_valid_codes() throws Exception {
        assertTrue(Checks.ean13("4006381333931"));
        assertTrue(Checks.ean13("9780306406157"));
    }

    @Test
    void refuses_swapped_digits() throws Exception {
        assertFalse(Checks.ean13("4006381339331"));
    }

    @Test
    void refuses_other_lengths() throws Exception {
        assertFalse(Checks.ean13("400638133393"));
        assertFalse(Checks.ean13("40063813339311"));
    }
}
