package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PriceLabelsTest {
    @Test
    void adds_up() throws Exception {
        Money sum = new Money(0);
        for (int i = 1; i <= 145; i++) {
            sum = sum.plus(new Money(i));
        }
        assertEquals(10585, sum.cents());
    }

    @Test
    void keeps_its_name() throws Exception {
        assertEquals("pricelabels-45", Texts.slug("PriceLabels 45"));
    }

    @Test
    void waits_for_the_warehouse() throws Exception {
        Warehouse warehouse = new Warehouse(59);
                    warehouse.deliver("lamp", 1);
                    int taken = 0;
                    for (int i = 0; i < 1; i++) {
                        taken += warehouse.take("lamp") ? 1 : 0;
                    }
                    assertEquals(1, taken);
                    assertEquals(0, warehouse.count("lamp"));
    }
}
