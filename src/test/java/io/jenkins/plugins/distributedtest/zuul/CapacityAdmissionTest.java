package io.jenkins.plugins.distributedtest.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapacityAdmissionTest {
    @Test
    void admitsAnyJobUpToTheCapacity() {
        CapacityAdmission admission = new CapacityAdmission(3);
        assertThat(admission.offer(0)).isEqualTo(Offer.all(3));
        assertThat(admission.offer(2)).isEqualTo(Offer.all(1));
        assertThat(admission.offer(3)).isEqualTo(Offer.all(0));
    }

    @Test
    void admitsNothingWhenSeveralServersHadAJobAtOnce() {
        assertThat(new CapacityAdmission(1).offer(2)).isEqualTo(Offer.all(0));
    }

    @Test
    void theEndOfAJobMakesRoom() {
        CapacityAdmission admission = new CapacityAdmission(1);
        Offer held = admission.offer(1);
        assertThat(admission.ended(held, 0)).isEqualTo(Offer.all(1));
    }

    @Test
    void aCapacityIsNotNegative() {
        assertThatThrownBy(() -> new CapacityAdmission(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> Offer.all(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOfferIsUsedUpAndNarrowOnlyIfItNamesJobs() {
        Offer all = Offer.all(1);
        assertThat(all.isNarrow()).isFalse();
        assertThat(all.includes("x")).isTrue();
        assertThat(all.less()).isEqualTo(Offer.all(0));
        assertThat(all.less().less()).isEqualTo(Offer.all(0));
        Offer some = Offer.only(List.of("x", "x:precise"), 2);
        assertThat(some.isNarrow()).isTrue();
        assertThat(some.includes("x:precise")).isTrue();
        assertThat(some.includes("y")).isFalse();
        assertThat(some.less()).isEqualTo(new Offer(Set.of("x", "x:precise"), 1));
        assertThat(Offer.nothing().includes("x")).isFalse();
    }
}
