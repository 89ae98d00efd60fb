package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CardNumbersTest {
    @Test
    void accepts_valid_numbers() throws Exception {
        for (String number : List.of("4539578763621486", "79927398713", "0")) {
            assertTrue(Checks.luhn(number), number);
        }
    }

    @Test
    void finds_one_wrong_digit() throws Exception {
        for (int digit = 0; digit < 9; digit++) {
            if (digit != 3) {
                assertFalse(Checks.luhn("7992739871" + digit));
            }
        }
    }

    @Test
    void refuses_nothing() throws Exception {
        assertFalse(Checks.luhn(""));
    }
}
