package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AmountParsingTest {
    @Test
    void reads_cents() throws Exception {
        assertEquals(1999, Money.parse("19.99").cents());
    }

    @Test
    void reads_negative_amounts() throws Exception {
        assertEquals(-5, Money.parse("-0.05").cents() );
    }

    @Test
    void refuses_other_texts() throws Exception {
        for (String text : List.of("", "1", "1.5", "a.bc", "1,00")) {
            assertThrows(IllegalArgumentException.class, () -> Money.parse(text));
        }
    }
}
