package io.jenkins.plugins.distributedtest.jenkins.config;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.security.Permission;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;

/** What an administrator says once for all jobs: <em>Manage Jenkins › System › Distributed tests</em>. */
@Extension
@Symbol("distributedTest")
public class DistributedTestConfiguration extends GlobalConfiguration {
    /** Reads what was saved. */
    public DistributedTestConfiguration() {
        load();
    }

    /** The one of this Jenkins. */
    public static DistributedTestConfiguration get() {
        return ExtensionList.lookupSingleton(DistributedTestConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return "Distributed tests";
    }

    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return Jenkins.MANAGE;
    }
}
