package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StockTransfersTest {
    @Test
    void is_in_time() throws Exception {
        Warehouse warehouse = new Warehouse(92);
                    warehouse.deliver("lamp", 12);
                    int taken = 0;
                    for (int i = 0; i < 12; i++) {
                        taken += warehouse.take("lamp") ? 1 : 0;
                    }
                    assertEquals(12, taken);
                    assertEquals(0, warehouse.count("lamp"));
    }

    @Test
    void keeps_the_books() throws Exception {
        assertEquals("1.10", new Money(100).plus(new Money(10)).toString());
    }
}
