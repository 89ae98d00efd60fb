package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AmountPercentTest {
    @Test
    void takes_a_part() throws Exception {
        assertEquals(new Money(190), new Money(1000).percent(19));
    }

    @Test
    void rounds_half_up() throws Exception {
        assertEquals(new Money(1), new Money(5).percent(10));
    }

    @Test
    void leaves_the_whole() throws Exception {
        assertEquals(new Money(777), new Money(777).percent(100));
    }
}
