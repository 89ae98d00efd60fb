package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasketAddingTest {
    @Test
    void counts_pieces() throws Exception {
        assertEquals(5, new Cart().add("pen", new Money(100), 2).add("ink", new Money(300), 3).size());
    }

    @Test
    void adds_up_the_same_article() throws Exception {
        assertEquals(4, new Cart().add("pen", new Money(100), 1).add("pen", new Money(100), 3).size());
    }

    @Test
    void refuses_nothing() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> new Cart().add("pen", new Money(1), 0));
    }
}
