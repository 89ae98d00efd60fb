package hudson.model;

public interface ItemGroup<T extends hudson.model.Item> {
}

// stub: hudson.model.ItemGroup getFullName
