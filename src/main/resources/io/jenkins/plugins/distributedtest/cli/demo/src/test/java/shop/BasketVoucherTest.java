package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasketVoucherTest {
    @Test
    void is_worth_a_tenth() throws Exception {
        assertEquals("9.00", new Cart().add("pen", new Money(100), 10).totalWithDiscount().toString());
    }

    @Test
    void also_counts_for_small_baskets() throws Exception {
        // Fails on purpose: the discount starts at ten pieces.
        assertEquals("4.50", new Cart().add("pen", new Money(100), 5).totalWithDiscount().toString());
    }
}
