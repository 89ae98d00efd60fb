package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkNamesTableTest {
    @Test
    void follow_the_table() throws Exception {
        String[][] table = {{"A  B", "a-b"}, {"100% wool", "100-wool"}, {"ÄÖÜ", "aou"}, {"", ""}, {"x_y", "x-y"}};
        for (String[] row : table) {
            assertEquals(row[1], Texts.slug(row[0]));
        }
    }

    @Test
    void do_not_change_again() throws Exception {
        for (String title : List.of("Floor Lamp", "Crème", "x_y")) {
            assertEquals(Texts.slug(title), Texts.slug(Texts.slug(title)));
        }
    }
}
