package io.jenkins.plugins.distributedtest.listener;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import io.jenkins.plugins.distributedtest.wire.NativeMessage.FileJob;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that came out of a files queue and that the broker still counts as ours until it is {@linkplain #ack
 * acknowledged} or {@linkplain #giveBack given back}. If its channel has ended, so has that claim, and both do nothing:
 * the broker hands the file out again by itself. Lives on the event loop.
 */
final class HeldFile {
    private static final Logger LOG = LoggerFactory.getLogger(HeldFile.class);

    private final JoinedRun run;
    private final TestFile file;
    private final FileJob job;
    private final Duration timeout;
    private final Channel channel;
    private final long tag;
    private boolean settled;

    /**
     * @param run the run it belongs to
     * @param job what was handed out; lease 0 from a Ruby originator
     * @param timeout its timeout
     * @param channel the channel it came through
     * @param tag its delivery tag there
     */
    HeldFile(JoinedRun run, FileJob job, Duration timeout, Channel channel, long tag) {
        this.run = run;
        this.file = new TestFile(job.file());
        this.job = job;
        this.timeout = timeout;
        this.channel = channel;
        this.tag = tag;
    }

    JoinedRun run() {
        return run;
    }

    TestFile file() {
        return file;
    }

    int lease() {
        return job.lease();
    }

    Duration timeout() {
        return timeout;
    }

    /** Its recorded runtime; 0 if unknown. */
    double expectedSeconds() {
        return Math.max(0, job.expectedSeconds());
    }

    /** Whether a worker has had it before. */
    boolean isAgain() {
        return job.again();
    }

    /** Whether a worker should leave it to others. */
    boolean avoids(WorkerId worker) {
        return job.avoid() != null
                && job.avoid().stream()
                        .anyMatch(each -> each.listener().equals(worker.listener()) && each.slot() == worker.slot());
    }

    /** Takes it out of the queue for good; once. */
    void ack() {
        settle(true);
    }

    /** Puts it back into the queue; once, and not after {@link #ack}. */
    void giveBack() {
        settle(false);
    }

    /**
     * {@link #ack} or {@link #giveBack}.
     *
     * @param ack whether it leaves the queue for good
     */
    void settle(boolean ack) {
        if (settled || !channel.isOpen()) {
            return;
        }
        settled = true;
        try {
            if (ack) {
                channel.basicAck(tag, false);
            } else {
                channel.basicNack(tag, false, true);
            }
        } catch (IOException | AlreadyClosedException e) {
            LOG.debug("{} goes back by itself: its channel has ended", file);
        }
    }
}
