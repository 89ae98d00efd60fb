package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The worker with a server like Zuul's own. */
class GearServerWorkerTest extends GearmanWorkerContract {
    private GearServerStandIn gear;

    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        GearServerStandIn started = new GearServerStandIn(onPort);
        if (onPort == port) {
            gear = started;
        }
        return started;
    }

    @Override
    void hang(AutoCloseable running) {
        ((GearServerStandIn) running).hang();
    }

    @Test
    void aChangeOfOneFunctionCostsOnePacket() {
        GearmanWorker worker = worker(new Keeper(), 1, "a", "b", "c");
        await().until(() -> gear.registered().size() == 3);
        long before = registrations();
        worker.setFunctions(List.of("a", "b", "c", "d"));
        await().until(() -> gear.registered().size() == 4);
        worker.setFunctions(List.of("b", "c", "d"));
        await().until(() -> gear.registered().size() == 3);
        assertThat(registrations() - before).isEqualTo(2);
    }

    private long registrations() {
        return gear.received.stream().filter(name -> name.endsWith("_DO")).count();
    }
}
