package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.Objects;
import jenkins.model.CauseOfInterruption;

/** Why a build was stopped: Zuul asked for it, or does not wait for it any more. */
public final class StoppedByZuul extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;

    private final String reason;

    StoppedByZuul(String reason) {
        this.reason = reason;
    }

    @Override
    public String getShortDescription() {
        return "Stopped for Zuul: " + reason;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoppedByZuul stop && stop.reason.equals(reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason);
    }
}
