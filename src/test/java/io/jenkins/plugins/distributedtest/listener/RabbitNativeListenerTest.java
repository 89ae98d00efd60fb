package io.jenkins.plugins.distributedtest.listener;

import static io.jenkins.plugins.distributedtest.listener.ListenerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.testing.RealRabbit;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import org.junit.jupiter.api.Test;

class RabbitNativeListenerTest extends NativeListenerContract {
    @Override
    BrokerAddress address() {
        return RealRabbit.shared().freshVirtualHost();
    }

    private static int channels() {
        return Integer.parseInt(
                RealRabbit.shared().evaluate("length(rabbit_channel:list()).").replaceAll("\\D", ""));
    }

    /** Each slot has a channel for each run. */
    @Test
    void runsThatHaveEndedLeaveNoChannelOpen() throws Exception {
        NativeOriginator originator = originator();
        ListenerFixture fixture = listener(3);
        int before = channels();
        try (NativeOriginator other = new NativeOriginator(address)) {
            other.files("x", "y", "z", "norunner").define();
            other.await(NativeMessage.Left.class);
        }
        originator.files("a", "b", "c").define();
        originator.awaitFinished(3);
        assertThat(channels()).isGreaterThan(before);
        originator.finish();
        originator.await(NativeMessage.Left.class);

        eventually("the runs are gone", () -> fixture.listener.status().runs().isEmpty());
        eventually("their channels are closed", () -> channels() <= before);
    }
}
