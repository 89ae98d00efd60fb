package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AmountSumsTest {
    @Test
    void adds() throws Exception {
        assertEquals(new Money(300), new Money(100).plus(new Money(200)));
    }

    @Test
    void multiplies() throws Exception {
        assertEquals(new Money(-900), new Money(-300).times(3));
    }

    @Test
    void refuses_to_overflow() throws Exception {
        assertThrows(ArithmeticException.class, () -> new Money(Long.MAX_VALUE).plus(new Money(1)));
    }
}
