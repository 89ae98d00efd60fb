package hudson.model;

public interface Item extends hudson.security.AccessControlled {
}

// stub: hudson.model.Item
