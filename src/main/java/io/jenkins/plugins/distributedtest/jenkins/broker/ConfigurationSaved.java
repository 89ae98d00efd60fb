package io.jenkins.plugins.distributedtest.jenkins.broker;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;

/** Has the broker and the listeners follow the configuration whenever that is saved, whoever changed it. */
@Extension
public class ConfigurationSaved extends SaveableListener {
    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof BrokerDirectory) {
            EmbeddedBrokerService.get().apply();
        }
    }
}
