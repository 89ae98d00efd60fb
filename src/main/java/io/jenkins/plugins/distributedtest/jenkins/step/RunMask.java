package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.util.Secret;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is hidden in the texts of a run: secrets of the steps around its own step, and those of the steps around the
 * listeners that serve it from elsewhere in the pipeline. The latter are saved with the pipeline, encrypted, since a
 * listener may have ended before the controller is restarted. From any thread.
 */
final class RunMask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashSet<String> encrypted = new LinkedHashSet<>();
    private transient volatile SecretMask around;
    private transient volatile SecretMask all;

    /** Hides what the steps around the run's own step say. */
    synchronized void around(SecretMask mask) {
        around = mask;
        all = null;
    }

    /**
     * Hides what the steps around a listener say.
     *
     * @return whether there is something new
     */
    synchronized boolean add(Collection<String> secrets) {
        boolean added = false;
        List<String> known = plain();
        for (String secret : secrets) {
            if (secret != null && !secret.isBlank() && !known.contains(secret)) {
                encrypted.add(Secret.fromString(secret).getEncryptedValue());
                added = true;
            }
        }
        all = added ? null : all;
        return added;
    }

    private List<String> plain() {
        return encrypted.stream()
                .map(Secret::decrypt)
                .filter(secret -> secret != null)
                .map(Secret::getPlainText)
                .toList();
    }

    private synchronized SecretMask mask() {
        if (all == null) {
            all = SecretMask.of(
                    Stream.concat(around == null ? Stream.of() : around.secrets().stream(), plain().stream())
                            .toList());
        }
        return all;
    }

    private SecretMask now() {
        SecretMask mask = all;
        return mask == null ? mask() : mask;
    }

    /** A text without the secrets. */
    String hide(String text) {
        return now().hide(text);
    }

    /** A run whose texts are without the secrets. */
    RunReport hide(RunReport run) {
        return now().hide(run);
    }
}
