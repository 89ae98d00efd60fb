package io.jenkins.plugins.distributedtest.gearman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import org.junit.jupiter.api.Test;

/** The worker with C gearmand. */
class GearmandWorkerTest extends GearmanWorkerContract {
    @Override
    AutoCloseable startServer(int onPort) throws Exception {
        return new RealGearmand(onPort, directory, "--job-retries=1");
    }

    @Override
    void hang(AutoCloseable running) throws Exception {
        ((RealGearmand) running).hang();
    }

    /** C gearmand cancels a running job behind its worker's back, and goes on knowing it. */
    @Test
    void goesOnAfterARunningJobWasCancelled() throws Exception {
        Keeper keeper = new Keeper();
        worker(keeper, 1, "f");
        GearmanTestClient client = client();
        Submitted cancelled = client.submit("f", "u1", "x");
        GearmanJob taken = only(keeper);
        assertThat(client.admin("cancel job " + cancelled.handle)).isEqualTo("OK");
        await().until(cancelled::isEnded);
        assertThat(cancelled.end).isEqualTo("fail");

        taken.complete(bytes("late"));
        Submitted next = client.submit("f", "u2", "y");
        await().until(() -> keeper.assigned.size() == 2);
        keeper.assigned.get(1).complete(bytes("z"));
        await().until(next::isEnded);
        assertThat(next.end).isEqualTo("complete z");
    }
}
