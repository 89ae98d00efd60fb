package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AmountPrintingTest {
    @Test
    void prints_two_digits() throws Exception {
        assertEquals("0.05", new Money(5).toString());
    }

    @Test
    void prints_negative_amounts() throws Exception {
        assertEquals("-12.30", new Money(-1230).toString());
    }

    @Test
    void comes_back_as_it_was() throws Exception {
        for (int cents = -500; cents < 500; cents++) {
            assertEquals(cents, Money.parse(new Money(cents).toString()).cents());
        }
    }
}
