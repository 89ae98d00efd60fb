package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasketTotalTest {
    @Test
    void is_nothing_when_empty() throws Exception {
        assertEquals("0.00", new Cart().total().toString());
    }

    @Test
    void multiplies_by_the_count() throws Exception {
        assertEquals("6.00", new Cart().add("pen", new Money(100), 6).total().toString());
    }
}
