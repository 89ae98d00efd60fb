package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.util.FormValidation;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import java.util.List;
import jenkins.model.Jenkins;

/** Entries of Gearman servers that tests configure, and what the form does with them. */
final class GearmanServerEntries {
    private GearmanServerEntries() {}

    static GearmanServerEntry.DescriptorImpl descriptor() {
        return (GearmanServerEntry.DescriptorImpl) Jenkins.get().getDescriptorOrDie(GearmanServerEntry.class);
    }

    static List<GearmanServerEntry> servers() {
        return DistributedTestConfiguration.get().getGearmanServers();
    }

    static void serve(GearmanServerEntry... entries) {
        DistributedTestConfiguration.get().setGearmanServers(List.of(entries));
    }

    static GearmanServerEntry here(int port) {
        GearmanServerEntry entry = new GearmanServerEntry("127.0.0.1");
        entry.setPort(port);
        return entry;
    }

    /** Where nothing listens, so that serving it disturbs nobody. */
    static GearmanServerEntry everything() {
        GearmanServerEntry entry = here(FreePorts.next());
        entry.setTls(true);
        entry.setCheckHostName(false);
        entry.setCaFile("/etc/zuul/ca.pem");
        entry.setFingerprint("ab".repeat(32));
        entry.setCredentialsId("zuul-client");
        entry.setJobs(JobChoice.PATTERN);
        entry.setFolder("gate");
        entry.setPattern("team/.*");
        entry.setNames(NameScheme.SHORT);
        entry.setCapacity(20);
        entry.setStartSeconds(90);
        entry.setChangeUrl("https://review.example.org/{change}");
        return entry;
    }

    static FormValidation test(GearmanServerEntry entry) {
        return descriptor()
                .doTestConnection(
                        entry.getHost(),
                        String.valueOf(entry.getPort()),
                        entry.isTls(),
                        entry.isCheckHostName(),
                        entry.getCaFile(),
                        entry.getFingerprint(),
                        entry.getCredentialsId());
    }
}
