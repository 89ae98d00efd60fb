package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.Extension;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;

/** <em>Manage Jenkins › Gearman servers</em>: the state of the servers whose jobs this Jenkins serves. */
@Extension
@Symbol("gearmanServers")
public class GearmanServersLink extends ManagementLink {
    /** Hidden while no server is configured. */
    @Override
    public String getIconFileName() {
        return GearmanServers.configured().getGearmanServers().isEmpty() ? null : "symbol-swap-horizontal";
    }

    @Override
    public String getDisplayName() {
        return "Gearman servers";
    }

    @Override
    public String getDescription() {
        return "Connections over which Zuul asks for builds, and what runs for it.";
    }

    @Override
    public String getUrlName() {
        return "gearman-servers";
    }

    @Override
    public Permission getRequiredPermission() {
        // Whoever may configure all of it may see it, too; only one permission can be told.
        return Jenkins.get().hasPermission(Jenkins.MANAGE) ? Jenkins.MANAGE : Jenkins.SYSTEM_READ;
    }

    @Override
    public Category getCategory() {
        return Category.STATUS;
    }

    /** The state of each server. */
    public List<ServerStatus> getServers() {
        Jenkins.get().checkAnyPermission(Jenkins.SYSTEM_READ, Jenkins.MANAGE);
        return ZuulService.get().status();
    }

    /** Whether the names of all jobs may be shown, also of those that the user may not see. */
    public boolean isShowingJobs() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }
}
