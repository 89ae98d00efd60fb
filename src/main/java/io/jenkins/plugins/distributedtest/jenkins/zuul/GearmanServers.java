package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.ExtensionList;
import java.util.List;

/** The Gearman servers that are configured. The plugin's configuration implements it, as the only extension. */
public interface GearmanServers {
    /** The servers, in the order of the configuration; never null. */
    List<GearmanServerEntry> getGearmanServers();

    /** The servers of this Jenkins. */
    static GearmanServers configured() {
        return ExtensionList.lookupSingleton(GearmanServers.class);
    }
}
