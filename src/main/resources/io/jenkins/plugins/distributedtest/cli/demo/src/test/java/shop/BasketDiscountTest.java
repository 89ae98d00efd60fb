package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasketDiscountTest {
    @Test
    void starts_at_ten_pieces() throws Exception {
        assertEquals(new Money(900), new Cart().add("pen", new Money(100), 10).totalWithDiscount());
    }

    @Test
    void does_not_start_at_nine() throws Exception {
        assertEquals(new Money(900), new Cart().add("pen", new Money(100), 9).totalWithDiscount());
    }

    @Test
    void counts_different_articles_together() throws Exception {
        assertEquals(new Money(1350), new Cart().add("a", new Money(100), 5).add("b", new Money(200), 5).totalWithDiscount());
    }
}
