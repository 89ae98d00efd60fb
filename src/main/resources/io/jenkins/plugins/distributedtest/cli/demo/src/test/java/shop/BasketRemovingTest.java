package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BasketRemovingTest {
    @Test
    void forgets_an_article() throws Exception {
        Cart cart = new Cart().add("pen", new Money(100), 2);
        cart.remove("pen");
        assertEquals(0, cart.size());
    }

    @Test
    void ignores_what_is_not_there() throws Exception {
        Cart cart = new Cart();
        cart.remove("pen");
        assertEquals(new Money(0), cart.total());
    }
}
